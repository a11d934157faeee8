# mypy: disable-error-code="assignment,call-arg,has-type,misc,no-untyped-call,override"
# Daphne has no types, and those of Twisted are partial.
"""Daphne with bounds: `python -m server.daphne_server` takes what `daphne` takes.

Twisted, on which Daphne rests, reads a whole body, parses it as a form, and only then asks the application. Here a
request is judged by its head: what is too large is refused and not read, a form is parsed by nobody but Django, a body
waits on disk and is read by the application piece by piece, and a head has to come in time.
"""

import daphne.server  # first, because it chooses the event loop  # isort: skip

import io
from functools import partial
from typing import IO, Any
from urllib.parse import unquote

from daphne.cli import CommandLineInterface
from daphne.http_protocol import HTTPFactory, WebRequest
from django.conf import settings
from twisted.internet import tcp
from twisted.web.http import HTTPChannel

from actions.contract.errors import DomainError
from server.bodies.body_limit import build_too_large, find_limit
from server.bodies.body_turns import BodyTurns
from server.bodies.stored_bodies import BODY_KEY, StoredBodies
from server.daphne_connection import DirectConnection
from server.first_words import MAX_CONNECTIONS_AT_ONCE, FirstWords
from server.processes.ports import bind
from server.refused_early import (
    BROKEN,
    HEAD_TOO_SLOW,
    LAST_WORDS_BYTES,
    LAST_WORDS_S,
    MALFORMED,
    build_refusal,
    build_refusal_body,
    build_refusal_headers,
)
from web.middleware.asgi import App, Message, Scope, encode_headers
from web.middleware.sub_path import remove_sub_path

PIECE_BYTES = 64 * 1024
BACKLOG = 2048
"""How many connections to a shared port may wait to be accepted."""


def read_path(target: bytes) -> str:
    """Return the path in the target of a request, as the server names it."""
    return remove_sub_path(unquote(target.partition(b"?")[0].decode("latin1")))


def read_origin(request: WebRequest) -> str:
    """Return the origin of the page that calls, as far as the head has come."""
    origin: bytes = (request.requestHeaders.getRawHeaders(b"origin") or [b""])[0]
    return origin.decode("latin1")


class BoundedRequest(WebRequest):
    """A request whose body is stored as it comes, up to its limit."""

    def __init__(self, channel: "BoundedChannel", queued: object = None) -> None:
        super().__init__(channel, queued, parsePOSTFormSubmission=False)
        self.body: IO[bytes] | None = None
        self._received_bytes = 0

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        self._received_bytes += len(data)
        if self._received_bytes > self.channel.body_limit:
            self.channel.refuse_body()
        if not self.channel.is_refused:
            super().handleContentChunk(data)

    def process(self) -> Any:
        """Begin the application. Daphne would queue the whole body for it, and is given an empty one."""
        body: IO[bytes] = self.content
        self.body, self.content = body, io.BytesIO()
        body.seek(0)
        return super().process()

    def handle_reply(self, message: Message) -> None:
        """Send what the application says, at once as far as the system takes it."""
        connection = self.channel.transport if self.channel else None
        if isinstance(connection, DirectConnection):
            connection.write_at_once(partial(super().handle_reply, message))
        else:
            super().handle_reply(message)

    def finish(self) -> None:
        super().finish()
        self._close_body()

    def connectionLost(self, reason: Any) -> None:  # noqa: N802
        super().connectionLost(reason)
        self.producer = None  # the two would hold each other until a full collection
        self._close_body()

    def basic_error(self, status: int, status_text: bytes, body: str) -> None:
        """Answer for Daphne, which has no application to ask, or one that has failed."""
        error, path = MALFORMED if status < 500 else BROKEN, read_path(self.uri)
        headers = encode_headers(build_refusal_headers(error, path, read_origin(self)))
        self.handle_reply({"type": "http.response.start", "status": status, "headers": headers})
        self.handle_reply({"type": "http.response.body", "body": build_refusal_body(error, path)})

    def _close_body(self) -> None:
        if self.body is not None:
            self.body.close()


class BoundedChannel(HTTPChannel):
    """A connection that judges each request as soon as its head has come."""

    transport: Any
    body_limit = 0

    def __init__(self) -> None:
        super().__init__()
        self._target = b""
        self._was_heard = False
        self._has_head = False
        self.is_refused = False
        self._discarded_bytes = 0
        self._timer: Any = None
        """Ends the wait for a head, and after a refusal the connection."""

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        if self.is_refused:
            self._discard(data)
        else:
            self._hear(data)
        is_in_body = self.is_refused or self._transferDecoder is not None
        if is_in_body and len(data) >= PIECE_BYTES and self.transport.connected:
            self.factory.body_turns.wait(self.transport)

    def _hear(self, data: bytes) -> None:
        if self._timer is None and not self._has_head:
            self._timer = self.callLater(settings.MILLRACE_HEAD_S, self.refuse, HEAD_TOO_SLOW)
        if self._was_heard or self.factory.first_words.may_hear():
            self._was_heard = True
            super().dataReceived(data)
        else:
            self.transport.pauseProducing()
            self.factory.first_words.wait(partial(self._go_on, data))

    def _go_on(self, data: bytes) -> None:
        self._was_heard = True
        if not self.is_refused and self.transport.connected:
            self.transport.resumeProducing()
            super().dataReceived(data)

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        if self.is_refused:
            return
        known = len(self.requests)
        super().lineReceived(line)
        if len(self.requests) > known:
            self._target = line.split()[1] if len(line.split()) > 1 else b""

    def allHeadersReceived(self) -> None:  # noqa: N802
        self._has_head = True
        self._stop_timer()
        raw = self.requests[-1].requestHeaders.getAllRawHeaders()
        headers = [(name.lower(), value) for name, values in raw for value in values]
        self.body_limit = find_limit(self._get_path(), headers)
        if self.length is not None and self.length > self.body_limit:
            self.refuse_body()
        else:
            super().allHeadersReceived()

    def allContentReceived(self) -> None:  # noqa: N802
        if not self.is_refused:
            super().allContentReceived()

    def requestDone(self, request: BoundedRequest) -> None:  # noqa: N802
        self._has_head = False
        super().requestDone(request)

    def connectionLost(self, reason: Any) -> None:  # noqa: N802
        self._stop_timer()
        super().connectionLost(reason)

    def _respondToBadRequestAndDisconnect(self) -> None:  # noqa: N802
        self.refuse(MALFORMED)

    def refuse_body(self) -> None:
        self.refuse(build_too_large(self._get_path(), self.body_limit))

    def refuse(self, error: DomainError) -> None:
        """Answer, say no more, and close the connection once its client has had time to read that. Once only."""
        if self.is_refused:
            return
        self.is_refused = True
        self._stop_timer()
        origin = read_origin(self.requests[-1]) if self.requests else ""
        self.transport.write(build_refusal(error, str(self.transport.getPeer().host), self._get_path(), origin))
        self.transport.loseWriteConnection()
        self._timer = self.callLater(LAST_WORDS_S, self.forceAbortClient)

    def _discard(self, data: bytes) -> None:
        self._discarded_bytes += len(data)
        if self._discarded_bytes > LAST_WORDS_BYTES:
            self.transport.abortConnection()

    def _get_path(self) -> str:
        return read_path(self._target)

    def _stop_timer(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None


class BoundedFactory(HTTPFactory):
    protocol = BoundedChannel

    def __init__(self, server: Any) -> None:
        super().__init__(server)
        self.first_words = FirstWords()
        self.body_turns = BodyTurns()

    def buildProtocol(self, address: Any) -> BoundedChannel:  # noqa: N802
        channel: BoundedChannel = super().buildProtocol(address)
        channel.requestFactory = BoundedRequest
        return channel

    def acceptableProtocols(self) -> list[bytes]:  # noqa: N802
        return [b"http/1.1"]


class BoundedServer(daphne.server.Server):
    """Daphne's server, with these connections, and with bodies that the application reads from the disk."""

    def __init__(self, application: App, **options: Any) -> None:
        super().__init__(StoredBodies(application), **options)

    @property
    def http_factory(self) -> BoundedFactory:
        return self._bounded_factory

    @http_factory.setter
    def http_factory(self, factory: HTTPFactory) -> None:
        self._bounded_factory = BoundedFactory(factory.server)

    def run(self) -> None:
        """Serve. A port that several processes share is bound here, because Twisted has no option for that."""
        if settings.MILLRACE_PROCESSES > 1:
            port = bind(settings.MILLRACE_BIND, settings.MILLRACE_PORT, is_shared=True)
            port.listen(BACKLOG)
            self.endpoints = [f"fd:fileno={port.detach()}"]
        super().run()

    def listen_success(self, port: Any) -> None:
        """Accept a few connections at a time. Twisted accepts more and more at once, each of which brings a request."""
        super().listen_success(port)
        if port.transport is tcp.Server:
            port.transport = DirectConnection
        accept = port.doRead

        def accept_some() -> Any:
            port.numberAccepts = MAX_CONNECTIONS_AT_ONCE
            return accept()

        port.doRead = accept_some

    def create_application(self, protocol: Any, scope: Scope) -> Any:
        if isinstance(protocol, BoundedRequest):
            scope[BODY_KEY] = protocol.body
        return super().create_application(protocol, scope)


class BoundedCommand(CommandLineInterface):
    server_class = BoundedServer


if __name__ == "__main__":
    BoundedCommand.entrypoint()
