"""The outermost layers of the server, in ASGI itself: they act before Django has read anything."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.contrib import admin
from whitenoise import WhiteNoise
from whitenoise.responders import Response, StaticFile

from web.errors import ApiError
from web.headers import security_headers
from web.origins import is_own_page

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

STATIC = "/static/"


class AtRoot:
    """Ignores the path prefix that a client can claim with a header of its own (`Daphne-Root-Path`)."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, "root_path": ""}, receive, send)


class _TooLarge(Exception):
    pass


class BodyLimit:
    """Refuses a body above the limit of its address, by what it says of itself and by what arrives."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.limit: int = settings.MILLRACE_MAX_BODY_BYTES
        large: dict[str, int] = settings.MILLRACE_LARGE_BODIES
        self.large = [(re.compile(pattern), limit) for pattern, limit in large.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = next((each for pattern, each in self.large if pattern.fullmatch(scope["path"])), self.limit)
        declared = header(scope, b"content-length")
        if declared and (not declared.isdecimal() or int(declared[:20]) > limit):
            await self._refuse(send, limit)
            return
        try:
            await self.app(scope, self._counting(receive, limit), send)
        except _TooLarge:
            await self._refuse(send, limit)

    def _counting(self, receive: Receive, limit: int) -> Receive:
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise _TooLarge
            return message

        return counted

    async def _refuse(self, send: Send, limit: int) -> None:
        error = ApiError(413, "body_too_large", f"The body is larger than {limit // 1024**2} MiB.")
        body = json.dumps(error.body()).encode()
        headers = {"Content-Type": "application/json", "Connection": "close", **security_headers()}
        await respond(send, 413, headers.items(), body)


class StaticFiles:
    """Serves the files of the browser application and of the admin, compressed where a compressed copy is."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.files = WhiteNoise(
            None,
            autorefresh=settings.MILLRACE_DEVELOPMENT,
            allow_all_origins=False,
            max_age=3600,
            immutable_file_test=rf"^{STATIC}ui/assets/",
            add_headers_function=_add_security_headers,
        )
        self._add(settings.MILLRACE_FRONTEND_DIR, "ui")
        self._add(Path(admin.__file__).parent / "static" / "admin", "admin")

    def _add(self, directory: Path, name: str) -> None:
        if directory.is_dir() or settings.MILLRACE_DEVELOPMENT:
            self.files.add_files(str(directory), f"{STATIC}{name}/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if not path.startswith(STATIC):
            await self.app(scope, receive, send)
            return
        file = self.files.find_file(path) if self.files.autorefresh else self.files.files.get(path)
        if not isinstance(file, StaticFile):
            await respond(send, 404, security_headers().items(), b"There is no such file.")
            return
        response = file.get_response(scope["method"], _as_wsgi(scope["headers"]))
        await respond(send, response.status, response.headers, await asyncio.to_thread(_content, response))


class SameOrigin:
    """Lets a socket open for this server's own pages only, by exact scheme, host and port."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.denied: App = WebsocketDenier.as_asgi()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        secure = scope.get("scheme") in ("wss", "https")
        own = is_own_page(header(scope, b"origin"), header(scope, b"host"), secure=secure)
        await (self.app if own else self.denied)(scope, receive, send)


def header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin1") for key, value in scope["headers"] if key == name), "")


async def respond(send: Send, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> None:
    sized = {**dict(headers), "Content-Length": str(len(body))} if body else dict(headers)
    encoded = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in sized.items()]
    await send({"type": "http.response.start", "status": int(status), "headers": encoded})
    await send({"type": "http.response.body", "body": body})


def _add_security_headers(headers: Headers, path: str, url: str) -> None:
    for name, value in security_headers().items():
        headers[name] = value


def _as_wsgi(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    decoded = ((name.decode("latin1").upper(), value.decode("latin1")) for name, value in headers)
    return {f"HTTP_{name.replace('-', '_')}": value for name, value in decoded}


def _content(response: Response) -> bytes:
    if response.file is None:
        return b""
    with response.file as file:
        content: bytes = file.read()
        return content
