"""The buffer of a connection of Daphne, which has no bound: says when it is full. Imported under Daphne only."""

import asyncio
import socket
import struct
from typing import Any

from autobahn.twisted.websocket import WebSocketServerProtocol
from twisted.internet.interfaces import IPushProducer
from twisted.web.http import Request
from zope.interface import implementer

from server.backpressure import RESET_ON_CLOSE

USUAL_CLOSE = struct.pack("ii", 0, 0)


def build_buffer(protocol: object) -> "DaphneBuffer | None":
    """Return the buffer of a connection, registered; None for what is no connection of Daphne."""
    if not isinstance(protocol, Request | WebSocketServerProtocol):
        return None
    buffer = DaphneBuffer(protocol)
    buffer.register()
    return buffer


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
        """Ask Twisted to say when the connection is full, and when it has room again.

        A client may have left while its request waited for its turn: then there is nothing to ask.
        """
        if not self._is_open():
            return
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
