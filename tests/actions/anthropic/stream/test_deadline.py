"""Waits that are bounded one by one and in all, and that leave a cancel from elsewhere alone."""

import asyncio
import time

import pytest

from actions.anthropic.stream.deadline import Overdue, Patience


async def given(value: str, after_s: float) -> str:
    await asyncio.sleep(after_s)
    return value


async def test_what_comes_in_time_is_returned() -> None:
    patience = Patience(1)
    assert [await patience.wait(given(word, 0.001), 0.5) for word in ("a", "b")] == ["a", "b"]
    assert 0.9 < patience.left_s < 1
    patience.end()


async def test_a_wait_that_is_too_long_is_given_up() -> None:
    with pytest.raises(Overdue) as overdue:
        await Patience(1).wait(asyncio.Event().wait(), 0.02)
    assert not overdue.value.in_all


async def test_the_whole_is_bounded_too() -> None:
    patience = Patience(0.05)
    await patience.wait(given("a", 0.03), 1)
    with pytest.raises(Overdue) as overdue:
        await patience.wait(asyncio.Event().wait(), 1)
    assert overdue.value.in_all


async def test_the_timer_of_one_wait_does_not_end_the_next() -> None:
    patience = Patience(30)
    for _ in range(4):  # together longer than one may take, each far from it
        await patience.wait(given("a", 0.15), 0.5)
    patience.end()


async def test_a_shorter_wait_after_a_longer_one_is_kept_short() -> None:
    patience = Patience(10)
    await patience.wait(given("a", 0), 5)
    async with asyncio.timeout(1):
        with pytest.raises(Overdue):
            await patience.wait(asyncio.Event().wait(), 0.02)


async def test_time_between_waits_does_not_count() -> None:
    patience = Patience(0.06)
    await patience.wait(given("a", 0.01), 0.03)
    await asyncio.sleep(0.1)
    assert await patience.wait(given("b", 0.01), 0.03) == "b"
    patience.end()


async def test_after_giving_up_the_task_is_not_cancelled() -> None:
    patience = Patience(1)
    with pytest.raises(Overdue):
        await patience.wait(asyncio.Event().wait(), 0.01)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    assert await patience.wait(given("a", 0.001), 0.5) == "a"
    patience.end()


async def test_a_cancel_from_elsewhere_passes_through() -> None:
    task = asyncio.create_task(Patience(1).wait(asyncio.Event().wait(), 0.5))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_cancel_that_comes_with_the_end_of_patience_wins() -> None:
    patience = Patience(1)
    seen: list[int] = []

    async def waiting() -> None:
        try:
            await patience.wait(asyncio.Event().wait(), 0.02)
        finally:
            current = asyncio.current_task()
            assert current is not None
            seen.append(current.cancelling())

    task = asyncio.create_task(waiting())
    await asyncio.sleep(0)
    time.sleep(0.03)  # noqa: ASYNC251 (both are due when the loop looks again)
    asyncio.get_running_loop().call_soon(task.cancel)
    await asyncio.gather(task, return_exceptions=True)
    assert (task.cancelled(), seen) == (True, [1])


async def test_work_that_survives_being_given_up_leaves_nothing_behind() -> None:
    async def stubborn() -> str:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return "done"
        return "never"

    patience = Patience(1)
    assert await patience.wait(stubborn(), 0.01) == "done"
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    patience.end()


async def test_a_failure_of_the_work_is_its_own() -> None:
    async def broken() -> None:
        raise ValueError("Scripted")

    patience = Patience(1)
    with pytest.raises(ValueError, match="Scripted"):
        await patience.wait(broken(), 0.5)
    patience.end()
