"""Reads the committed events of a run from a cursor: from memory while the run is open, else from the database."""

from collections.abc import AsyncGenerator, Mapping
from typing import Protocol
from uuid import UUID

from flows.events.events import TERMINAL
from flows.log import rows
from flows.log.follower import Follower, Pusher, pick_visible
from flows.log.frames import MAX_BATCH_BYTES, Frame, cut_batch
from flows.log.handle import LogHandle
from web.database import in_database


class HeldMirror(Protocol):
    """One reader's hold of the mirror of a run that another process executes."""

    def hold_new(self, cursor: int) -> None:
        """Hold the mirror at once if the run was left to another process a moment ago: little is stored then."""

    def hold(self, cursor: int) -> None:
        """Hold the mirror, or a new one in place of one that was closed; the reader has read up to the seq `cursor`."""

    def release(self) -> None:
        """Give up the mirror; does nothing when none is held."""


async def read_events(
    handles: Mapping[UUID, LogHandle],
    mirror: HeldMirror,
    run_id: UUID,
    after: int,
    *,
    public: bool,
    pusher: Pusher | None = None,
) -> AsyncGenerator[list[Frame], None]:
    """Yield the run's committed events after the seq `after`, in order, as they come; end after the terminal one.

    `handles` are the open runs of this process, and the mirrors of other processes' runs; `mirror` is this reader's. An
    empty list is a heartbeat: nothing has happened for a while. `public` leaves out the trace. With a `pusher`, what is
    committed while the reader waits here is pushed and not yielded; what was yielded must be sent before the next step.
    The generator also ends when the run's events can no longer be stored. Its reader closes it.
    """
    cursor = after
    handle: LogHandle | None = None
    try:
        mirror.hold_new(cursor)
        while True:
            handle = handles.get(run_id) or handle  # one that was closed during the wait still holds its end
            if frames := await _read_frames(handle, run_id, cursor):
                cursor = frames[-1].seq
                handle = None  # a reader that stalls here must hold no more than what it was given
                if visible := pick_visible(frames, public=public):
                    yield visible
                if frames[-1].type in TERMINAL:
                    return
            elif handle and handle.is_closed:
                handle = None  # another server may have taken the run over and written more of it
            elif handle and handle.is_lost:
                return
            elif pusher and not pusher.has_room():
                handle = None  # as above
                await pusher.wait_for_room()
            elif handle:
                cursor, has_ended = await _wait_for_news(handle, cursor, pusher, public=public)
                if has_ended:
                    return
                if cursor >= handle.committed:
                    handle = None
                    yield []
            elif await in_database(rows.has_ended, run_id, cursor):
                return
            else:  # another process executes it, and all that is stored of it was read
                mirror.hold(cursor)
    finally:
        mirror.release()


async def _read_frames(handle: LogHandle | None, run_id: UUID, cursor: int) -> list[Frame]:
    """Return the committed frames after the cursor, no more than a reader is given at once."""
    frames = handle.get_frames_after(cursor) if handle else None
    if frames is None:
        return await in_database(rows.read_page, run_id, cursor, rows.MAX_PAGE_EVENTS, MAX_BATCH_BYTES)
    return cut_batch(frames)


async def _wait_for_news(handle: LogHandle, cursor: int, pusher: Pusher | None, *, public: bool) -> tuple[int, bool]:
    """Wait until the reader must look; return its cursor after what was pushed meanwhile, and whether that was all.

    What a push has raised passes through.
    """
    if pusher is None:
        handle.changed.clear()
        await handle.changed.wait()
        return cursor, False
    follower = Follower(pusher, cursor, public=public)
    handle.followers.append(follower)
    try:
        await follower.dismissed
    finally:
        handle.followers.remove(follower)
    return follower.cursor, follower.has_ended
