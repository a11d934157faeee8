"""The calls of tools that have no result yet, while a run goes on. Pure."""

from typing import NamedTuple


class OpenCalls(NamedTuple):
    """A value, though a change takes the same time however many are open: values share the changes that they follow
    from. Two that were made apart are not equal, whatever is open: they are not compared call by call.
    """

    changes: "Changes"
    change_count: int
    """How many of the changes this follows from."""

    def find(self, step: str) -> str | None:
        """Return the id of the call of a step of the flow; None when it is not open."""
        return self._get_changes().open.get(step)

    def begin(self, step: str, call: str) -> "OpenCalls":
        return self._change(step, call)

    def end(self, step: str) -> "OpenCalls":
        return self._change(step, None)

    def split(self) -> list[tuple[str, str]]:
        """Return the steps and their calls, in the order in which they have begun."""
        return list(self._get_changes().open.items())

    def _change(self, step: str, call: str | None) -> "OpenCalls":
        changes = self._get_changes()
        changes.make(step, call)
        return OpenCalls(changes, self.change_count + 1)

    def _get_changes(self) -> "Changes":
        """Return changes that end here. A reader that is behind another one gets its own."""
        if self.changes is not NOTHING and len(self.changes.made) == self.change_count:
            return self.changes
        return Changes(self.changes.made[: self.change_count])


class Changes:
    """A list that only grows, and what is open at its end. Equal to itself alone."""

    def __init__(self, made: list[tuple[str, str | None]]) -> None:
        self.made: list[tuple[str, str | None]] = []
        self.open: dict[str, str] = {}
        for step, call in made:
            self.make(step, call)

    def make(self, step: str, call: str | None) -> None:
        """Begin the call of a step, or end it where `call` is None."""
        self.made.append((step, call))
        if call is None:
            self.open.pop(step, None)
        else:
            self.open[step] = call


NOTHING = Changes([])
NO_CALLS = OpenCalls(NOTHING, 0)
