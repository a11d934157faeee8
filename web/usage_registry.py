"""Finds out what uses a row, although the apps that use it lie in a higher layer and cannot be imported."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar
from uuid import UUID

from actions.contract.errors import DomainError
from web.shapes import UsedBy

Key = TypeVar("Key")
Usage = TypeVar("Usage")

MAX_NAMED_USERS = 5
"""How many users a message names; the rest is "and others"."""


@dataclass(frozen=True, slots=True)
class NamedUser:
    """What uses a row."""

    kind: Literal["flow", "collection", "connection"]
    id: UUID
    name: str

    def to_json(self) -> UsedBy:
        return {"kind": self.kind, "id": str(self.id), "name": self.name}


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


FoundUser = tuple[UUID, NamedUser]
"""The id of a row, and what uses it."""


def group_users(found: Iterable[FoundUser]) -> dict[UUID, list[NamedUser]]:
    """Return the users by the id of the row that they use, in the order in which they were found."""
    users: dict[UUID, list[NamedUser]] = {}
    for id, user in found:
        users.setdefault(id, []).append(user)
    return users


def build_in_use_error(code: str, sentence: str, users: Sequence[NamedUser], hint: str) -> DomainError:
    """Return the `conflict` that names the users of a row. `sentence` ends before their names: `'Main' is used by`."""
    names = ", ".join(_describe(user) for user in users[:MAX_NAMED_USERS])
    others = " and others" if len(users) > MAX_NAMED_USERS else ""
    flows = [user.to_json() for user in users]
    return DomainError("conflict", code, f"{sentence} {names}{others}.", hint=hint, flows=flows)


def _describe(user: NamedUser) -> str:
    return repr(user.name) if user.kind == "flow" else f"the {user.kind} {user.name!r}"
