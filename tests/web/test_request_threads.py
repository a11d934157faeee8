"""What Django does synchronously for a request runs in a thread that is used again, and never in a busy one."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from channels.testing import HttpCommunicator
from django.http import HttpRequest, HttpResponse
from django.urls import path
from pytest_django import Settings

from web.middleware.django_handler import MAX_KEPT_THREADS, DjangoHandler, RequestThread


def tell_thread(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(threading.get_ident()))


async def answer_on_the_loop(request: HttpRequest) -> HttpResponse:
    return HttpResponse("answered")


urlpatterns = [path("thread", tell_thread), path("loop", answer_on_the_loop)]


@pytest.fixture
def handler(settings: Settings) -> DjangoHandler:
    settings.ROOT_URLCONF, settings.MIDDLEWARE = __name__, []
    return DjangoHandler()


async def ask(handler: DjangoHandler, path: str) -> str:
    answer = await HttpCommunicator(handler, "GET", path, headers=[(b"host", b"localhost")]).get_response()
    body: bytes = answer["body"]
    return body.decode()


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


async def test_one_request_after_another_uses_one_thread(handler: DjangoHandler) -> None:
    assert await ask(handler, "/thread") == await ask(handler, "/thread")


async def test_an_answer_of_the_loop_begins_no_thread(handler: DjangoHandler) -> None:
    await ask(handler, "/loop")
    assert await count_new_threads(lambda: ask(handler, "/loop")) == 0


async def test_requests_at_one_time_have_a_thread_each(handler: DjangoHandler) -> None:
    count = MAX_KEPT_THREADS + 4
    together = threading.Barrier(count)

    def wait_for_the_others(request: HttpRequest) -> HttpResponse:
        together.wait(30)
        return tell_thread(request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(urlpatterns[0], "callback", wait_for_the_others)
        threads = await asyncio.gather(*(ask(handler, "/thread") for _ in range(count)))
    assert len(set(threads)) == count
    assert len(handler._kept_threads) == MAX_KEPT_THREADS


async def test_a_thread_that_goes_on_with_a_call_is_not_used_again() -> None:
    kept: list[ThreadPoolExecutor] = []
    thread, goes_on = RequestThread(kept), threading.Event()
    call = thread.submit(goes_on.wait, 30)
    thread.give_back()
    assert kept == []
    goes_on.set()
    assert await asyncio.wrap_future(call)
