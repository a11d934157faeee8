"""Lets runs of this process wait until it is their turn in their session. `flows.runs.turns` decides whose it is."""

import asyncio
from contextlib import suppress
from uuid import UUID

from django.db import DatabaseError

from flows.runs import turns
from web.database import in_database

LOOK_INTERVAL_S = 1.0
"""How often a waiting run looks whether the run before it, of another process, has ended."""


class TurnQueue:
    """The runs of one process that wait for their turn. A run of the same process that ends wakes them at once."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = {}

    def __len__(self) -> int:
        """How many runs of this process wait."""
        return sum(map(len, self._waiting.values()))

    async def wait_for_turn(self, run_id: UUID, key: str) -> None:
        """Return when it is the turn of the run. It holds no database connection; cancelling ends the wait."""
        changed = asyncio.Event()
        self._waiting.setdefault(key, set()).add(changed)
        try:
            while not await _claim(run_id):
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_INTERVAL_S):
                        await changed.wait()
                changed.clear()
        finally:
            self._forget(key, changed)

    async def end_turn(self, run_id: UUID, key: str) -> None:
        """Leave the run's place to the next one. Call it when the run's end is stored, or cannot be stored."""
        with suppress(DatabaseError):  # the row counts no more once the run has ended
            await in_database(turns.end_turn, run_id)
        for changed in self._waiting.get(key, ()):
            changed.set()

    def _forget(self, key: str, changed: asyncio.Event) -> None:
        self._waiting[key].discard(changed)
        if not self._waiting[key]:
            del self._waiting[key]


async def _claim(run_id: UUID) -> bool:
    try:
        return await in_database(turns.claim_turn, run_id)
    except DatabaseError:  # the next look may find it back
        return False


turn_queue = TurnQueue()
"""Of the process: a run that ends must find those that wait."""
