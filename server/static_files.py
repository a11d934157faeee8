"""Serves the files of the browser application and of the admin, before Django has read anything."""

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path
from wsgiref.headers import Headers

from django.conf import settings
from django.contrib import admin
from whitenoise import WhiteNoise
from whitenoise.responders import Response, StaticFile

from web.errors import build_not_found, get_body, get_status
from web.middleware.asgi import App, Receive, Scope, Send, respond
from web.middleware.security_headers import build_security_headers

STATIC = "/static/"


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
            await _refuse(send)
            return
        response = file.get_response(scope["method"], _as_wsgi(scope["headers"]))
        await respond(send, response.status, response.headers, await asyncio.to_thread(_read_content, response))


async def _refuse(send: Send) -> None:
    error = build_not_found()
    headers = {"Content-Type": "application/json", **build_security_headers()}
    await respond(send, get_status(error), headers.items(), json.dumps(get_body(error)).encode())


def _add_security_headers(headers: Headers, path: str, url: str) -> None:
    for name, value in build_security_headers().items():
        headers[name] = value


def _as_wsgi(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    decoded = ((name.decode("latin1").upper(), value.decode("latin1")) for name, value in headers)
    return {f"HTTP_{name.replace('-', '_')}": value for name, value in decoded}


def _read_content(response: Response) -> bytes:
    if response.file is None:
        return b""
    with response.file as file:
        content: bytes = file.read()
        return content
