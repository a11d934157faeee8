"""Backpressure: bounds what a slow reader has not taken yet, and closes the connection of one that takes nothing.

An ASGI server should make `send` wait while its buffer is full. uvicorn does. Daphne returns at once and buffers
without a bound. Its transport tells a registered producer when it is full, so this module registers one. A reader
whose connection was closed comes again with its cursor and misses nothing.
"""

import asyncio
import functools
import socket
import struct
from contextlib import suppress
from typing import Any

from autobahn.twisted.websocket import WebSocketServerProtocol
from twisted.internet.interfaces import IPushProducer
from twisted.web.http import Request
from zope.interface import implementer

from web.middleware.asgi import FIRST_MESSAGE_KEY, App, Message, Receive, Scope, Send
from web.middleware.cut_short import CutShort

STALL_LIMIT_S = 60.0
"""How long a reader may take nothing."""
LOOKS_PER_STALL = 4
"""How often it is looked at in that time."""
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""For SO_LINGER: the socket lingers for no second, so that closing it resets the connection."""
USUAL_CLOSE = struct.pack("ii", 0, 0)

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
            await self.app(scope, receive, paced.send)
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
        self._buffer = find_buffer(send)
        self._sent_count = 0
        self._is_waiting = False
        self._timer: asyncio.TimerHandle | None = None

    async def send(self, message: Message) -> None:
        """Send, and return when the connection can take more. A reader that has stalled cancels the task."""
        self._is_waiting = True
        if self._timer is None:
            self._scope[FIRST_MESSAGE_KEY] = message
            self._watch(asyncio.get_running_loop(), asyncio.current_task(), self._sent_count, 0)
        if self._buffer and message["type"] == "http.response.body" and not message.get("more_body", False):
            self._buffer.unregister()  # Daphne ends the answer now, and nobody would say that there is room again
            self._buffer.set_reset_on_close(False)
        await self._send(message)
        if self._buffer and not self._buffer.has_room.is_set():
            await self._buffer.has_room.wait()
        self._is_waiting = False
        self._sent_count += 1

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


@implementer(IPushProducer)
class DaphneBuffer:
    """Whether a Daphne connection can take more. Twisted calls the three methods that its interface names."""

    def __init__(self, protocol: Request | WebSocketServerProtocol) -> None:
        self.has_room = asyncio.Event()
        self.has_room.set()
        self._protocol = protocol
        self._is_registered = False
        self._is_reset_on_close = False

    def register(self) -> None:
        """Ask Twisted to say when the connection is full, and when it has room again."""
        if isinstance(self._protocol, WebSocketServerProtocol) and self._protocol.transport:
            # The HTTP channel that the socket grew out of is still the transport's producer, and has nothing to do.
            self._protocol.transport.unregisterProducer()
        self._protocol.registerProducer(self, True)
        self._is_registered = True

    def unregister(self) -> None:
        """Ask no more, and let a `send` that waits go on."""
        was_registered, self._is_registered = self._is_registered, False
        if was_registered and self._is_open():
            self._protocol.unregisterProducer()
        self.has_room.set()

    def close(self, *, wait: bool) -> None:
        """Close the connection: after all that was sent, with `wait`, else at once."""
        self.unregister()
        transport: Any = self._protocol.transport if self._is_open() else None  # an interface has no self
        if transport and wait:
            transport.loseConnection()
        elif transport:
            transport.abortConnection()

    def set_reset_on_close(self, is_set: bool) -> None:
        """Say how the system closes the connection, also when it does so because the process has died."""
        is_known = self._is_reset_on_close == is_set or not self._is_open()
        connected = None if is_known else getattr(self._protocol.transport, "socket", None)
        if connected:
            self._is_reset_on_close = is_set
            option = RESET_ON_CLOSE if is_set else USUAL_CLOSE
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, option)

    def reset(self) -> None:
        """Reset the connection, after one try to hand all that was sent to the system."""
        self.unregister()
        if self._is_open() and (transport := self._protocol.transport):
            if hasattr(transport, "doWrite"):
                transport.doWrite()
            transport.abortConnection()

    def _is_open(self) -> bool:
        """Whether Twisted still knows the connection: an answer that has ended has forgotten its channel."""
        name = "channel" if isinstance(self._protocol, Request) else "transport"
        return getattr(self._protocol, name, None) is not None

    def pauseProducing(self) -> None:  # noqa: N802
        self.has_room.clear()

    def resumeProducing(self) -> None:  # noqa: N802
        self.has_room.set()

    def stopProducing(self) -> None:  # noqa: N802
        self.has_room.set()  # the connection is gone; the next receive says so


async def _wait_for_disconnect(receive: Receive) -> None:
    """Return when the server has noticed that the connection is closed: it would complain of an answer without end."""
    with suppress(TimeoutError):
        async with asyncio.timeout(STALL_LIMIT_S):
            while (await receive())["type"] != "http.disconnect":
                pass


def find_buffer(send: Send) -> DaphneBuffer | None:
    """Return the buffer of a Daphne connection, registered; None under a server whose `send` waits by itself."""
    protocol = send.args[0] if isinstance(send, functools.partial) and send.args else None
    if not isinstance(protocol, Request | WebSocketServerProtocol):
        return None
    buffer = DaphneBuffer(protocol)
    buffer.register()
    return buffer
