"""The outermost layers of the server. They are ASGI applications, so that they act before Django reads anything."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any, Protocol

from channels.security.websocket import WebsocketDenier

from web.middleware.origins import is_own_page
from web.middleware.proxy_faults import tell_refused_page

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

API_PREFIXES = ("/api/", "/v1/", "/mcp")
"""What the addresses begin with that programs call."""

BEGUN_KEY = "millrace.has_begun"
"""Under this key a scope holds what to call when the request has begun: from there on it waits for something else."""
FIRST_MESSAGE_KEY = "millrace.first_message"
"""Under this key a scope holds the first message of its answer, which has the status, as soon as it was sent."""

CONNECTION_KEY = "millrace.connection"
"""Under this key a scope holds the `PushConnection` of its answer."""


class PushConnection(Protocol):
    """Sends pieces of an answer for a task that waits meanwhile, without waking it."""

    def has_room(self) -> bool:
        """Return whether `push` may be called."""

    def push(self, body: bytes) -> None:
        """Send a piece of the body, whose answer has begun. Raises what the server's `send` raises at once."""

    async def wait_for_room(self) -> None:
        """Return when `push` may be called again; raises what went wrong in sending the last piece."""


class AtRoot:
    """Removes the path prefix that a client can set with the header `Daphne-Root-Path`."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, "root_path": ""}, receive, send)


class SameOrigin:
    """Opens a socket for this server's own pages only: the scheme, the host and the port must be equal."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.denied: App = WebsocketDenier.as_asgi()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        secure = scope.get("scheme") in ("wss", "https")
        origin = get_header(scope, b"origin")
        is_allowed = is_own_page(origin, get_header(scope, b"host"), secure=secure)
        if origin and not is_allowed:
            tell_refused_page(origin)
        await (self.app if is_allowed else self.denied)(scope, receive, send)


def get_header(scope: Scope, name: bytes) -> str:
    """Return the first header with this lower-case name; an empty text when there is none."""
    return next((value.decode("latin1") for key, value in scope["headers"] if key == name), "")


def tell_begun(scope: Scope) -> None:
    """Let the next request begin, although this one has sent nothing yet. Once is enough."""
    if tell := scope.get(BEGUN_KEY):
        tell()


async def respond(send: Send, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> None:
    """Send a whole HTTP response; with a body, also its length."""
    sized = {**dict(headers), "Content-Length": str(len(body))} if body else dict(headers)
    await send({"type": "http.response.start", "status": int(status), "headers": encode_headers(sized)})
    await send({"type": "http.response.body", "body": body})


def encode_headers(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers.items()]
