"""How a run leaves its paths other than at their ends. The engine alone raises and catches these.

They pass through actions without being seen by them: every generator on the way is closed.
"""

from typing import Any

from actions.contract.errors import ActionError


class Signal(Exception):
    """Not an error: the flow said so."""


class Returned(Signal):
    """The flow ends here, with `value` as its result."""

    def __init__(self, value: Any) -> None:
        self.value = value


class LeftLoop(Signal):
    """The innermost path that repeats ends, and the action that repeats it."""


class NextPass(Signal):
    """This pass of the innermost path that repeats ends; the next follows."""


class NodeFailure(ActionError):
    """An action's error on its way out, with the id of the node where it happened and its title."""

    def __init__(self, error: ActionError, node: str, title: str) -> None:
        super().__init__(error.code, error.message, error.hint)
        self.node = node
        self.title = title
        self.through: list[Any] = []
        """The passes of the nodes in whose paths it happened, innermost first, as far as it has come."""


class Outside(Signal):
    """What the calling flow did with a yield of a called one, on its way through that one, which must not see it."""

    def __init__(self, cause: Signal | NodeFailure) -> None:
        self.cause = cause
