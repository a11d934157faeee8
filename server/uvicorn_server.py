"""uvicorn with bounds: `python -m server.uvicorn_server` serves on `MILLRACE_BIND` and `MILLRACE_PORT`.

A head has a size and comes in time, and what is no HTTP is told in our shape. uvicorn asks the application before it
reads a body, and `BodyLimit` judges that.
"""

import asyncio
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import unquote

import uvicorn
from django.conf import settings
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from actions.contract.errors import DomainError
from server.first_words import FirstWords
from server.processes.ports import bind
from server.refused_early import HEAD_TOO_SLOW, MALFORMED, build_refusal
from web.middleware.sub_path import remove_sub_path

MAX_HEAD_BYTES = 16 * 1024
"""As many as Twisted takes."""

first_words = FirstWords()
"""Of the process, which has one event loop."""


class BoundedProtocol(HttpToolsProtocol):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._has_head = False
        self._was_heard = False
        self._head_bytes = 0
        self._deadline: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        if not self._has_head and self._deadline is None:
            self._deadline = self.loop.call_later(settings.MILLRACE_HEAD_S, self._refuse, HEAD_TOO_SLOW)
        if self._was_heard or first_words.may_hear():
            self._hear(data)
        else:
            self.transport.pause_reading()
            first_words.wait(partial(self._go_on, data))

    def _go_on(self, data: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.resume_reading()
            self._hear(data)

    def _hear(self, data: bytes) -> None:
        self._was_heard = True
        if not self._has_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if not self._has_head and self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(MALFORMED)

    def on_headers_complete(self) -> None:
        self._has_head = True
        self._head_bytes = 0
        self._stop_deadline()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._has_head = False
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_deadline()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        self._refuse(MALFORMED)

    def _refuse(self, error: DomainError) -> None:
        self._stop_deadline()
        if not self.transport.is_closing():
            client, path = self.client[0] if self.client else None, self._read_path()
            self.transport.write(build_refusal(error, client, path, self._read_origin()))
            self.transport.close()

    def _read_path(self) -> str | None:
        """Return the path of the request, None where its first line has not come."""
        target: bytes = getattr(self, "url", b"")
        return remove_sub_path(unquote(target.partition(b"?")[0].decode("latin1"))) if target else None

    def _read_origin(self) -> str:
        """Return the origin of the page that calls, as far as the head has come."""
        return next((value.decode("latin1") for name, value in self.headers or () if name == b"origin"), "")

    def _stop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def serve() -> int:
    """Serve until a signal ends it; return 0, or 3 when the application cannot start."""
    config = uvicorn.Config(
        "config.asgi:application",
        http=BoundedProtocol,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    config.load_app()  # before there is an event loop, as uvicorn's own command does
    port = bind(settings.MILLRACE_BIND, settings.MILLRACE_PORT, is_shared=settings.MILLRACE_PROCESSES > 1)
    server = uvicorn.Server(config)
    with suppress(KeyboardInterrupt):  # uvicorn raises it when SIGINT has ended it in order
        server.run([port])
    return 0 if server.started else 3


if __name__ == "__main__":
    raise SystemExit(serve())
