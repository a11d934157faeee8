"""Watches the access of what stays open: a stream or a socket ends soon after its API key or its session has ended."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from web.database import in_database
from workspaces.access import Caller, has_live_session
from workspaces.models import ApiKey
from workspaces.visits import Visit, open_visits

LOOK_INTERVAL_S = 2.0
"""How often a process looks. What was opened with a key ends within 5 s of the end of the key."""


class OpenAccess:
    """The access of one open stream or socket. `is_lost` is set once, and stays set."""

    __slots__ = ("_on_lost", "caller", "is_lost")

    def __init__(self, caller: Caller, on_lost: Callable[[], object]) -> None:
        self.caller = caller
        self.is_lost = False
        self._on_lost = on_lost

    def lose(self) -> None:
        if not self.is_lost:
            self.is_lost = True
            self._on_lost()


class AccessWatch:
    """What is open in this process. Belongs to the event loop."""

    def __init__(self) -> None:
        self._open: set[OpenAccess] = set()

    def __len__(self) -> int:
        return len(self._open)

    def add(self, access: OpenAccess) -> Callable[[], None]:
        """Watch `access`; return a function that takes that back, which its owner calls at its end."""
        self._open.add(access)
        return lambda: self._open.discard(access)

    @contextmanager
    def watch(self, access: OpenAccess) -> Iterator[None]:
        """Watch `access` for the length of a block."""
        forget = self.add(access)
        try:
            yield
        finally:
            forget()

    async def look(self) -> None:
        """Tell those whose key or session has ended meanwhile. Raises DatabaseError; the next look may find it back."""
        callers = {access.caller for access in self._open}
        lost = await in_database(find_lost_callers, callers) if callers else frozenset[Caller]()
        for access in [access for access in self._open if access.caller in lost]:
            access.lose()


access_watch = AccessWatch()
"""Of the process: one look serves all that is open, with a query for all keys together."""


def find_lost_callers(callers: Collection[Caller]) -> frozenset[Caller]:
    """Return the callers whose key or secret was revoked or has expired, who signed out, or who are members no more.

    A caller who visits a chat page is lost, too, when the page no longer lets the caller in. Sync.
    """
    key_ids = {caller.key_id for caller in callers if caller.key_id}
    valid = _find_valid_secrets(key_ids) if key_ids else frozenset[tuple[UUID, str]]()
    visits = open_visits.find({caller.visit for caller in callers if caller.visit})
    return frozenset(caller for caller in callers if not _has_access(caller, valid, visits))


def _find_valid_secrets(key_ids: Collection[UUID]) -> frozenset[tuple[UUID, str]]:
    """Return the digests that the keys are found by now, each with its key."""
    now = timezone.now()
    is_valid = Q(expires_at=None) | Q(expires_at__gt=now)
    names = ("pk", "digest", "old_digest", "old_works_until")
    rows = list(ApiKey.objects.filter(is_valid, pk__in=key_ids).values_list(*names))
    current = [(key_id, digest) for key_id, digest, _, _ in rows]
    old = [(key_id, digest) for key_id, _, digest, until in rows if digest and until and until > now]
    return frozenset([*current, *old])


def _has_access(caller: Caller, secrets: Collection[tuple[UUID, str]], visits: Collection[Visit]) -> bool:
    if caller.key_id:
        return (caller.key_id, caller.key_digest) in secrets
    if caller.visit and caller.visit not in visits:
        return False
    return caller.user_id is None or has_live_session(caller)
