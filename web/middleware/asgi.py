"""The outermost layers of the server, in ASGI itself: they act before Django has read anything."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from channels.security.websocket import WebsocketDenier

from web.middleware.origins import is_own_page

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class AtRoot:
    """Ignores the path prefix that a client can claim with a header of its own (`Daphne-Root-Path`)."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, "root_path": ""}, receive, send)


class SameOrigin:
    """Lets a socket open for this server's own pages only, by exact scheme, host and port."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.denied: App = WebsocketDenier.as_asgi()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        secure = scope.get("scheme") in ("wss", "https")
        own = is_own_page(get_header(scope, b"origin"), get_header(scope, b"host"), secure=secure)
        await (self.app if own else self.denied)(scope, receive, send)


def get_header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin1") for key, value in scope["headers"] if key == name), "")


async def respond(send: Send, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> None:
    sized = {**dict(headers), "Content-Length": str(len(body))} if body else dict(headers)
    encoded = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in sized.items()]
    await send({"type": "http.response.start", "status": int(status), "headers": encoded})
    await send({"type": "http.response.body", "body": body})
