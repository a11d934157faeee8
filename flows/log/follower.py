"""A reader that has read all: what is committed next is pushed to it, in the same turn of the event loop."""

import asyncio
from typing import Protocol

from flows.events.events import PUBLIC, TERMINAL
from flows.log.frames import Frame, cut_batch


class Pusher(Protocol):
    """Takes frames without being awaited."""

    def has_room(self) -> bool:
        """Return whether `push` may be called."""

    def push(self, frames: list[Frame]) -> None:
        """Take the frames, at least one. What it raises ends the reader, and nothing else."""

    async def wait_for_room(self) -> None:
        """Return when `push` may be called again. Raises what went wrong with what was pushed last."""


class Follower:
    """Pushes what is committed after a cursor, until something happens that its reader must look at."""

    def __init__(self, pusher: Pusher, cursor: int, *, public: bool) -> None:
        self.cursor = cursor
        """The seq of the last event that was pushed, or left out."""
        self.has_ended = False
        """Whether that was the terminal event."""
        self.dismissed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when nothing more is pushed. It holds what `push` has raised."""
        self._pusher = pusher
        self._public = public

    def take(self, frames: list[Frame] | None) -> None:
        """Push the committed frames after the cursor, and go on, or be dismissed.

        It is dismissed when memory has lost some (None), when there are more than a reader is given at once, at the end
        of the run, and when the connection is full or has failed. What was not pushed, the reader reads by its cursor.
        """
        if self.dismissed.done():
            return
        if not frames or cut_batch(frames) is not frames:
            self.dismiss()
            return
        try:
            self._push(frames)
        except asyncio.CancelledError:
            self.dismissed.cancel()
        except Exception as error:  # the other readers of this batch must not suffer
            self.dismissed.set_exception(error)

    def dismiss(self) -> None:
        """Push nothing more, and let the reader look."""
        if not self.dismissed.done():
            self.dismissed.set_result(None)

    def _push(self, frames: list[Frame]) -> None:
        self.cursor = frames[-1].seq
        self.has_ended = frames[-1].type in TERMINAL
        if visible := pick_visible(frames, public=self._public):
            self._pusher.push(visible)
        if self.has_ended or not self._pusher.has_room():
            self.dismiss()


def pick_visible(frames: list[Frame], *, public: bool) -> list[Frame]:
    """Return the frames that a reader is shown: all, or with `public` those for the callers of a flow."""
    return [frame for frame in frames if frame.type in PUBLIC] if public else frames
