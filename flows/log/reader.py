"""Reads the committed events of a run from a cursor: from memory while the run is open, else from the database."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from uuid import UUID

from flows.events.events import PUBLIC, TERMINAL
from flows.log import rows
from flows.log.frames import Frame
from flows.log.handle import LogHandle
from web.database import in_database

POLL_INTERVAL_S = 0.5
"""How often a reader asks the database for news of a run that another process executes."""
MAX_PAGE_EVENTS = 500
FIRST_PAGE_EVENTS = 50
"""Events of a reader's first look into the database: how large the events of its run are is not known yet."""
MAX_BATCH_BYTES = 64 * 1024
"""Of events that a reader is given at once. A reader that stalls holds so much, and not a page of large events."""


async def read_events(
    handles: Mapping[UUID, LogHandle], run_id: UUID, after: int, *, public: bool
) -> AsyncGenerator[list[Frame], None]:
    """Yield the run's committed events after the seq `after`, in order, as they come; end after the terminal one.

    `handles` are the open runs of this process. An empty list is a heartbeat: nothing has happened for a while.
    `public` leaves out the trace. The generator also ends when the run's events can no longer be stored. Its reader
    closes it.
    """
    cursor, page_events = after, FIRST_PAGE_EVENTS
    handle: LogHandle | None = None
    while True:
        handle = handles.get(run_id) or handle  # one that was closed during the wait still holds its end
        frames = handle.get_frames_after(cursor) if handle else None
        if frames is None:
            frames = await in_database(rows.read_page, run_id, cursor, page_events)
            page_events = min(MAX_PAGE_EVENTS, 2 * len(_take_batch(frames))) or FIRST_PAGE_EVENTS
        if frames:
            if len(frames) > 1:
                frames = _take_batch(frames)
            cursor = frames[-1].seq
            visible = [frame for frame in frames if frame.type in PUBLIC] if public else frames
            handle = None  # a reader that stalls here must hold no more than what it was given
            if visible:
                yield visible
            if frames[-1].type in TERMINAL:
                return
        elif handle and handle.is_closed:
            handle = None  # another server may have taken the run over and written more of it
        elif handle and handle.is_lost:
            return
        elif handle:
            handle.changed.clear()
            await handle.changed.wait()
            if cursor >= handle.committed:
                handle = None
                yield []
        elif await in_database(rows.has_ended, run_id, cursor):
            return
        else:
            await asyncio.sleep(POLL_INTERVAL_S)
            yield []


def _take_batch(frames: list[Frame]) -> list[Frame]:
    """Return the first of the frames, at least one, and no more bytes than a reader is given at once."""
    size = 0
    for index, frame in enumerate(frames):
        size += len(frame.data)
        if size > MAX_BATCH_BYTES and index:
            return frames[:index]
    return frames
