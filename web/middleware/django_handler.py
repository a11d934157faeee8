"""Django as an ASGI application."""

from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import ThreadSensitiveContext
from django.core.handlers.asgi import ASGIHandler

from web.middleware.tolerant_request import TolerantRequest

P = ParamSpec("P")
T = TypeVar("T")
Receive = Callable[[], Awaitable[Mapping[str, Any]]]

MAX_KEPT_THREADS = 8
"""Threads that wait for a request. What more requests need at one time is made, and ends with them."""


class RequestThread(Executor):
    """The thread of one request: all its synchronous calls run there, one after another.

    It is taken at the first call, and given back at the end. Django makes one for each request, because it ends every
    answer by a synchronous call, and another one to wait for its end.
    """

    def __init__(self, kept: list[ThreadPoolExecutor]) -> None:
        self._kept = kept
        self._thread: ThreadPoolExecutor | None = None

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        if self._thread is None:
            self._thread = self._kept.pop() if self._kept else ThreadPoolExecutor(1, "request")
        return self._thread.submit(function, *args, **kwargs)

    def give_back(self, *, is_free: bool) -> None:
        """Keep the thread for the next request, unless there are enough, or it may go on with what nobody awaits."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        if is_free and len(self._kept) < MAX_KEPT_THREADS:
            self._kept.append(thread)
        else:
            thread.shutdown(wait=False)


class DjangoHandler(ASGIHandler):
    """Django's own, but its requests use threads again, and a client that leaves is no error in it.

    Django raises one in the task that listens for that. The task, its error, the frame in which it was read and the
    request would hold each other until a full collection, which is a pause for all streams.
    """

    request_class = TolerantRequest

    def __init__(self) -> None:
        super().__init__()
        self._kept_threads: list[ThreadPoolExecutor] = []

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Callable[..., Awaitable[None]]) -> None:
        thread, has_ended = RequestThread(self._kept_threads), False
        try:
            async with ThreadSensitiveContext(executor=thread):
                await super().__call__(scope, receive, send)
            has_ended = True  # Django has awaited the last call, which also closed the thread's database connection
        finally:
            thread.give_back(is_free=has_ended)

    async def listen_for_disconnect(self, receive: Receive) -> None:
        """Return when the client has left. Django cancels the answer then."""
        await receive()
