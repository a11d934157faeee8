"""What Django does synchronously for a request runs in a thread that is used again, and never in a busy one."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path
from pytest_django import Settings

from web.middleware.django_handler import MAX_KEPT_THREADS, DjangoHandler

WITHIN_S = 30
SCOPE = {
    "type": "http",
    "http_version": "1.1",
    "method": "GET",
    "query_string": b"",
    "headers": [(b"host", b"localhost")],
}


def answer_in_a_thread(request: HttpRequest) -> HttpResponse:
    return HttpResponse("answered")


async def answer_on_the_loop(request: HttpRequest) -> HttpResponse:
    return HttpResponse("answered")


urlpatterns = [path("thread", answer_in_a_thread), path("loop", answer_on_the_loop)]


@pytest.fixture
def handler(settings: Settings) -> DjangoHandler:
    settings.ROOT_URLCONF, settings.MIDDLEWARE = __name__, []
    return DjangoHandler()


@pytest.fixture
def let_views(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Let the view of a thread do something before it answers."""

    def let(do: Callable[[], object]) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            do()
            return answer_in_a_thread(request)

        monkeypatch.setattr(urlpatterns[0], "callback", view)

    return let


async def ask(handler: DjangoHandler, path: str, left: asyncio.Event | None = None) -> None:
    """Send a request, and return when Django is done with it. The client leaves when `left` is set."""
    messages: list[dict[str, Any]] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop()
        await (left or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        pass

    await handler({**SCOPE, "path": path}, receive, send)


async def count_new_threads(work: Callable[[], Awaitable[object]]) -> int:
    """Return how many threads are begun while the work is done."""
    begun: list[object] = []
    start = threading.Thread.start

    def note(thread: threading.Thread) -> None:
        begun.append(thread)
        start(thread)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading.Thread, "start", note)
        await work()
    return len(begun)


@pytest.mark.parametrize("path", ["/thread", "/loop"])
async def test_one_request_after_another_begins_no_thread(handler: DjangoHandler, path: str) -> None:
    assert await count_new_threads(lambda: ask(handler, path)) == 1
    assert await count_new_threads(lambda: ask(handler, path)) == 0
    assert len(handler._kept_threads) == 1


async def test_requests_at_one_time_have_a_thread_each(handler: DjangoHandler, let_views: Any) -> None:
    count = MAX_KEPT_THREADS + 4
    together, threads = threading.Barrier(count), set[threading.Thread]()

    def meet() -> None:
        threads.add(threading.current_thread())
        together.wait(WITHIN_S)

    let_views(meet)
    await asyncio.gather(*(ask(handler, "/thread") for _ in range(count)))
    assert len(threads) == count
    assert len(handler._kept_threads) == MAX_KEPT_THREADS


async def test_a_thread_that_goes_on_with_a_call_that_was_given_up_is_not_used_again(
    handler: DjangoHandler, let_views: Any
) -> None:
    begun, goes_on, left = threading.Event(), threading.Event(), asyncio.Event()

    def go_on() -> None:
        begun.set()
        goes_on.wait(WITHIN_S)

    let_views(go_on)
    asking = asyncio.create_task(ask(handler, "/thread", left))
    assert await asyncio.to_thread(begun.wait, WITHIN_S)
    left.set()  # Django gives the view up, and queues what ends the request behind it
    await asyncio.sleep(0.05)
    asking.cancel()  # as a server does that has waited for long enough
    with suppress(asyncio.CancelledError):
        await asking
    assert handler._kept_threads == []
    goes_on.set()
