"""Mounts the simulator of the vendor's API when the server is a demo."""

from django.conf import settings

from web.middleware.asgi import App, Receive, Scope, Send

PREFIX = "/simulator"


def mount_simulator(app: App) -> App:
    """Return `app` with the simulator at `/simulator` when the server is a demo, else `app` itself."""
    if not settings.MILLRACE_DEMO:
        return app
    from actions.anthropic.simulator import application as simulator

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path.startswith(f"{PREFIX}/"):
            await simulator({**scope, "path": path.removeprefix(PREFIX), "root_path": PREFIX}, receive, send)
        else:
            await app(scope, receive, send)

    return dispatch
