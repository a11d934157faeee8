"""A path that is begun within a read: what waits in it goes on in the run's task, and is cancelled with it."""

import asyncio

import pytest

from actions.contract.records import MessageChunk
from flows.engine.message_path import PushedPath, enter_task

ONE, TWO = MessageChunk(text="one", index=0), MessageChunk(text="two", index=1)


async def begin_outside(path: PushedPath, message: MessageChunk) -> bool:
    """Begin a path within a callback of the loop, as a read does, and return what `begin` says."""
    begun: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(lambda: begun.set_result(path.begin(message)))
    return await begun


def build_waiting_path() -> tuple[PushedPath, list[str]]:
    """Return a path that waits for ever, and the list to which it adds that it was cancelled."""
    met = []

    async def run_path(message: MessageChunk) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            met.append("cancelled")
            raise

    return PushedPath(run_path), met


async def test_a_path_that_waits_for_nothing_ends_within_the_read() -> None:
    ran = []

    async def run_path(message: MessageChunk) -> None:
        ran.append((message["text"], asyncio.current_task()))

    path = PushedPath(run_path)
    assert await begin_outside(path, ONE)
    assert await begin_outside(path, TWO)
    assert ran == [("one", None), ("two", None)]


async def test_a_path_that_waits_goes_on_where_it_was() -> None:
    news: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    ran: list[str] = []

    async def run_path(message: MessageChunk) -> None:
        ran.append(message["text"])
        ran.append(await news)
        await asyncio.sleep(0)
        ran.append("end")

    path = PushedPath(run_path)
    assert not await begin_outside(path, ONE)
    asyncio.get_running_loop().call_later(0.01, news.set_result, "news")
    await path.finish()
    assert ran == ["one", "news", "end"]


async def test_what_needs_a_task_has_the_one_of_the_run() -> None:
    tasks = []

    async def run_path(message: MessageChunk) -> None:
        await enter_task()
        tasks.append(asyncio.current_task())
        async with asyncio.timeout(0.01):
            await asyncio.sleep(10)

    path = PushedPath(run_path)
    assert not await begin_outside(path, ONE)
    with pytest.raises(TimeoutError):
        await path.finish()
    assert tasks == [asyncio.current_task()]


async def test_within_a_task_nothing_is_waited_for_to_enter_it() -> None:
    async def run_path(message: MessageChunk) -> None:
        await enter_task()

    assert PushedPath(run_path).begin(ONE)


async def test_an_error_within_the_read_is_raised_in_the_task() -> None:
    async def run_path(message: MessageChunk) -> None:
        raise ZeroDivisionError

    path = PushedPath(run_path)
    assert not await begin_outside(path, ONE)
    with pytest.raises(ZeroDivisionError):
        await path.finish()


async def test_a_cancel_reaches_what_the_path_waits_for() -> None:
    path, met = build_waiting_path()
    assert not await begin_outside(path, ONE)
    finishing = asyncio.create_task(path.finish())
    await asyncio.sleep(0)
    finishing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await finishing
    assert met == ["cancelled"]


async def test_a_path_that_nobody_finishes_is_cancelled() -> None:
    path, met = build_waiting_path()
    assert not await begin_outside(path, ONE)
    path.close()
    path.close()
    assert met == ["cancelled"]
