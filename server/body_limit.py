"""Refuses bodies above the limit of their address, before Django has read anything."""

import json
import re

from django.conf import settings

from actions.contract.errors import DomainError
from web.errors import get_body, get_status
from web.middleware.asgi import App, Message, Receive, Scope, Send, get_header, respond
from web.middleware.security_headers import build_security_headers


class _BodyTooLarge(Exception):
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
        declared = get_header(scope, b"content-length")
        if declared and (not declared.isdecimal() or int(declared[:20]) > limit):
            await self._refuse(send, limit)
            return
        try:
            await self.app(scope, self._limit_received(receive, limit), send)
        except _BodyTooLarge:
            await self._refuse(send, limit)

    def _limit_received(self, receive: Receive, limit: int) -> Receive:
        received = 0

        async def receive_limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise _BodyTooLarge
            return message

        return receive_limited

    async def _refuse(self, send: Send, limit: int) -> None:
        error = DomainError("too_large", "body_too_large", f"The body is larger than {limit // 1024**2} MiB.")
        body = json.dumps(get_body(error)).encode()
        headers = {"Content-Type": "application/json", "Connection": "close", **build_security_headers()}
        await respond(send, get_status(error), headers.items(), body)
