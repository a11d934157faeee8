"""The path below which people reach the server, where it shares a host name: that of `MILLRACE_PUBLIC_URL`.

Requests lose it before anything looks at their path, and what the server writes for browsers and callers gets it back.
A request without it is answered in the same way: a proxy may remove it, and a health check need not know it.
"""

from django.conf import settings
from django.http import HttpRequest

from web.middleware.asgi import App, Receive, Scope, Send


def add_sub_path(address: str) -> str:
    """Return an address of this server as others name it. One that does not begin with a slash stays as it is."""
    return f"{settings.MILLRACE_SUB_PATH}{address}" if address.startswith("/") else address


def remove_sub_path(path: str) -> str:
    """Return the path of a request as the server names it."""
    sub_path: str = settings.MILLRACE_SUB_PATH
    if sub_path and (path == sub_path or path.startswith(f"{sub_path}/")):
        return path.removeprefix(sub_path) or "/"
    return path


def provide_sub_path(request: HttpRequest) -> dict[str, str]:
    """Give every template the path, in front of its links."""
    return {"sub_path": settings.MILLRACE_SUB_PATH}


def mount_below_sub_path(app: App) -> App:
    """Return `app` without the path in the requests and sockets that it sees; `app` itself where there is none."""

    async def remove(scope: Scope, receive: Receive, send: Send) -> None:
        inner = {**scope, "path": remove_sub_path(scope["path"])} if "path" in scope else scope
        await app(inner, receive, send)

    return remove if settings.MILLRACE_SUB_PATH else app


def tell_sub_path(app: App) -> App:
    """Return Django's `app`, which is told the path and has it in its own links; `app` itself where there is none."""

    async def tell(scope: Scope, receive: Receive, send: Send) -> None:
        sub_path = settings.MILLRACE_SUB_PATH
        await app({**scope, "path": sub_path + scope["path"], "root_path": sub_path}, receive, send)

    return tell if settings.MILLRACE_SUB_PATH else app
