"""Finds out what uses a row, although the apps that use it lie in a higher layer and cannot be imported."""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar
from uuid import UUID

from actions.contract.errors import DomainError

Key = TypeVar("Key")
Usage = TypeVar("Usage")

NamedUser = tuple[UUID, str]
"""The id and the name of what uses a row: of a flow, or of a collection."""
MAX_NAMED_USERS = 5
"""How many users a message names; the rest is "and others"."""


class UsageRegistry(Generic[Key, Usage]):
    """Holds one finder for each app that may use a kind of row.

    Each app registers its finder in `AppConfig.ready`. The registry of a kind is therefore a module-level object: the
    app registry of Django, which fills it, is one for the whole process too.
    """

    def __init__(self) -> None:
        self._finders: list[Callable[[UUID, Key], Iterable[Usage]]] = []

    def register(self, finder: Callable[[UUID, Key], Iterable[Usage]]) -> None:
        """Add a finder, which is called with a workspace's id and a key. A finder that is there stays there once."""
        if finder not in self._finders:
            self._finders.append(finder)

    def find(self, workspace_id: UUID, key: Key) -> list[Usage]:
        """Return what all finders return for this key, in the order in which they were registered."""
        return [usage for finder in self._finders for usage in finder(workspace_id, key)]


def build_in_use_error(code: str, sentence: str, users: Sequence[NamedUser], hint: str) -> DomainError:
    """Return the `conflict` that names the users of a row. `sentence` ends before their names: `'Main' is used by`."""
    names = ", ".join(repr(name) for _, name in users[:MAX_NAMED_USERS])
    others = " and others" if len(users) > MAX_NAMED_USERS else ""
    flows = [{"id": str(pk), "name": name} for pk, name in users]
    return DomainError("conflict", code, f"{sentence} {names}{others}.", hint=hint, flows=flows)
