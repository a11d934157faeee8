"""Django as an ASGI application."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.core.handlers.asgi import ASGIHandler


class DjangoHandler(ASGIHandler):
    """Django's own, but a client that leaves is no error in it.

    Django raises one in the task that listens for that. The task, its error, the frame in which it was read and the
    request would hold each other until a full collection, which is a pause for all streams.
    """

    async def listen_for_disconnect(self, receive: Callable[[], Awaitable[Mapping[str, Any]]]) -> None:
        """Return when the client has left. Django cancels the answer then."""
        await receive()
