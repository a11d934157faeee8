"""Backpressure: bounds what a slow reader has not taken yet, and closes the connection of one that takes nothing.

An ASGI server should make `send` wait while its buffer is full. uvicorn does. Daphne returns at once and buffers
without a bound. Its transport tells a registered producer when it is full, so this module registers one. A reader
whose connection was closed comes again with its cursor and misses nothing.

A commit of the run log pushes to the readers that have room: it begins `send` itself, and no task wakes for that.
"""

import asyncio
import functools
import socket
import struct
import sys
import types
from collections.abc import Generator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from web.middleware.asgi import CONNECTION_KEY, FIRST_MESSAGE_KEY, App, Message, Receive, Scope, Send, tell_begun
from web.middleware.cut_short import CutShort

if TYPE_CHECKING:
    from server.daphne_buffer import DaphneBuffer

STALL_LIMIT_S = 60.0
"""How long a reader may take nothing."""
LOOKS_PER_STALL = 4
"""How often it is looked at in that time."""
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""For SO_LINGER: the socket lingers for no second, so that closing it resets the connection."""

Task = asyncio.Task[Any] | None


class PacedApplication:
    """Wraps an application: every `send` of it returns when there is room for more."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        paced = PacedSend(send, scope)
        can_show_end = scope.get("http_version") != "1.0"
        if not can_show_end:
            paced.reset_if_killed()
        try:
            await self.app(scope, paced.build_receive(receive), paced.send)
        except asyncio.CancelledError:
            if not paced.is_stalled:
                raise
        except CutShort:
            await paced.cut(receive, can_show_end=can_show_end)
        except Exception:
            paced.end(can_show_end=can_show_end)  # Daphne would leave a half-sent answer open for ever
            raise
        finally:
            paced.close()


class PacedSend:
    """The `send` of one connection. It holds one timer, set anew when it fires, because sends come by the thousand."""

    def __init__(self, send: Send, scope: Scope) -> None:
        self.is_stalled = False
        self._send = send
        self._scope = scope
        scope[CONNECTION_KEY] = self
        self._buffer = find_buffer(send)
        self._rest: asyncio.Task[None] | None = None
        """What is left of a push that the server let wait. The next `send` awaits it, and `close` cancels it."""
        self._sent_count = 0
        self._is_waiting = False
        self._has_ended = False
        self._timer: asyncio.TimerHandle | None = None

    async def send(self, message: Message) -> None:
        """Send, and return when the connection can take more. A reader that has stalled cancels the task."""
        self._is_waiting = True
        if self._timer is None:
            self._scope[FIRST_MESSAGE_KEY] = message
            tell_begun(self._scope)
            self._watch(asyncio.get_running_loop(), asyncio.current_task(), self._sent_count, 0)
        if self._rest:
            await self._finish_push()
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self._has_ended = True
            if self._buffer:
                self._buffer.unregister()  # Daphne ends the answer now, and nobody would say that there is room again
                self._buffer.set_reset_on_close(False)
        await self._send(message)
        if self._buffer and not self._buffer.has_room.is_set():
            await self._buffer.has_room.wait()
        self._is_waiting = False
        self._sent_count += 1

    def has_room(self) -> bool:
        return self._rest is None and (self._buffer is None or self._buffer.has_room.is_set())

    def push(self, body: bytes) -> None:
        """Send a piece of the body from outside of the answer's task, which waits for something else meanwhile.

        The server's `send` is begun here by hand. If it waits, a task does the rest.
        """
        sending = self._send({"type": "http.response.body", "body": body, "more_body": True}).__await__()
        try:
            awaited = next(sending)
        except StopIteration:
            self._sent_count += 1
        else:
            self._rest = asyncio.create_task(_resume(sending, awaited), name="rest of a push")

    async def wait_for_room(self) -> None:
        """Return when `push` may be called again. A reader that has stalled cancels the task."""
        self._is_waiting = True
        if self._rest:
            await self._finish_push()
        if self._buffer:
            await self._buffer.has_room.wait()
        self._is_waiting = False
        self._sent_count += 1

    async def _finish_push(self) -> None:
        """Wait for the rest of the last push, and raise what it raises. A task that is cancelled cancels it."""
        rest, self._rest = self._rest, None
        if rest:
            await rest

    def build_receive(self, receive: Receive) -> Receive:
        """Return a `receive` that does not tell a disconnect once the answer is sent, which is no news then.

        Servers tell it after each answer. Django would cancel what is left to do after the last piece.
        """

        async def receive_until_end() -> Message:
            message = await receive()
            if self._has_ended and message["type"] == "http.disconnect":
                await asyncio.Event().wait()  # until the application is done and cancels this
            return message

        return receive_until_end

    def reset_if_killed(self) -> None:
        """Let the system reset the connection if this process dies before the answer's end, which it would look like.

        uvicorn sends chunks also over HTTP/1.0: there a missing end shows.
        """
        if self._buffer:
            self._buffer.set_reset_on_close(True)

    def end(self, *, can_show_end: bool) -> None:
        """Close the connection when all is sent, so that its reader knows that the answer is not whole.

        HTTP/1.0 has no end of an answer but that of its connection: there it is reset. What its reader has not taken by
        then may be lost to it. uvicorn closes the connection by itself.
        """
        if self._buffer and can_show_end:
            self._buffer.close(wait=True)
        elif self._buffer:
            self._buffer.reset()
        elif not can_show_end and (transport := self._get_transport()):
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)

    async def cut(self, receive: Receive, *, can_show_end: bool) -> None:
        """Close the connection, as `end` does, and return when the server has noticed it."""
        self.end(can_show_end=can_show_end)
        if not self._buffer and (transport := self._get_transport()):
            transport.close()
            await _wait_for_disconnect(receive)

    def _get_transport(self) -> Any:
        """Return uvicorn's transport, None under another server."""
        return getattr(getattr(self._send, "__self__", None), "transport", None)

    def close(self) -> None:
        """Stop watching the connection, which the application is done with."""
        del self._scope[CONNECTION_KEY]  # else the two would hold each other until a full collection
        if self._rest and not self._rest.cancel() and not self._rest.cancelled():
            self._rest.exception()  # nobody asks for it any more, and it would be logged as never retrieved
        if self._timer:
            self._timer.cancel()
        if self._buffer:
            self._buffer.unregister()

    def _watch(self, loop: asyncio.AbstractEventLoop, task: Task, sent: int, looks: int) -> None:
        self._timer = loop.call_later(STALL_LIMIT_S / LOOKS_PER_STALL, self._look, loop, task, sent, looks)

    def _look(self, loop: asyncio.AbstractEventLoop, task: Task, sent: int, looks: int) -> None:
        """Count the looks at which the same send was waiting; the clock is not asked at every send."""
        looks = looks + 1 if self._is_waiting and self._sent_count == sent else 0
        if looks < LOOKS_PER_STALL:
            self._watch(loop, task, self._sent_count, looks)
            return
        self.is_stalled = True
        if self._buffer:
            self._buffer.close(wait=False)
        elif transport := self._get_transport():
            transport.abort()  # uvicorn's; closed, it would wait until the reader has taken the rest
        if task:
            task.cancel()


@types.coroutine
def _resume(sending: Generator[Any, Any, None], awaited: Any) -> Generator[Any, Any, None]:
    """Go on with a coroutine that was begun by hand and waits for `awaited`."""
    while True:
        try:
            result = yield awaited
        except BaseException as error:  # such as a cancel: the coroutine must hear of it
            step = functools.partial(sending.throw, error)
        else:
            step = functools.partial(sending.send, result)
        try:
            awaited = step()
        except StopIteration:
            return


async def _wait_for_disconnect(receive: Receive) -> None:
    """Return when the server has noticed that the connection is closed: it would complain of an answer without end."""
    with suppress(TimeoutError):
        async with asyncio.timeout(STALL_LIMIT_S):
            while (await receive())["type"] != "http.disconnect":
                pass


def find_buffer(send: Send) -> "DaphneBuffer | None":
    """Return the buffer of a Daphne connection, registered; None under a server whose `send` waits by itself."""
    if "daphne.server" not in sys.modules:  # Twisted takes 24 MB, and a process under uvicorn has no use for it
        return None
    from server.daphne_buffer import build_buffer

    protocol = send.args[0] if isinstance(send, functools.partial) and send.args else None
    return build_buffer(protocol)
