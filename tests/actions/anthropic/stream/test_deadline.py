"""Waits that are bounded one by one and in all, and that leave a cancel from elsewhere alone."""

import asyncio
import time

import pytest

from actions.anthropic.stream.deadline import Deadline, DeadlineExceeded


async def given(value: str, after_s: float) -> str:
    await asyncio.sleep(after_s)
    return value


async def test_what_comes_in_time_is_returned() -> None:
    deadline = Deadline(1)
    assert [await deadline.wait(given(word, 0.001), 0.5) for word in ("a", "b")] == ["a", "b"]
    assert 0.9 < deadline.left_s < 1
    deadline.end()


async def test_a_wait_that_is_too_long_is_given_up() -> None:
    with pytest.raises(DeadlineExceeded) as overdue:
        await Deadline(1).wait(asyncio.Event().wait(), 0.02)
    assert not overdue.value.in_all


async def test_the_whole_is_bounded_too() -> None:
    deadline = Deadline(0.5)
    await deadline.wait(given("a", 0.1), 1)
    with pytest.raises(DeadlineExceeded) as overdue:
        await deadline.wait(asyncio.Event().wait(), 1)
    assert overdue.value.in_all


async def find_parts(deadline: Deadline, pause_s: float, parts: int) -> None:
    """Find a part of what a wait is for, again and again, and nothing more after the last."""
    for _ in range(parts):
        await asyncio.sleep(pause_s)
        deadline.renewed_at = asyncio.get_running_loop().time()
    await asyncio.Event().wait()


async def test_a_wait_goes_on_while_parts_come_and_is_given_up_after_the_last() -> None:
    deadline, began = Deadline(30), time.monotonic()
    with pytest.raises(DeadlineExceeded) as overdue:
        await deadline.wait(find_parts(deadline, 0.3, 3), 0.8, 0.8)
    assert not overdue.value.in_all
    assert time.monotonic() - began > 1.6
    assert deadline.get_quiet_s(0) > 0.75


async def test_parts_do_not_move_the_bound_of_the_whole() -> None:
    deadline = Deadline(0.5)
    with pytest.raises(DeadlineExceeded) as overdue:
        await deadline.wait(find_parts(deadline, 0.05, 1000), 30, 30)
    assert overdue.value.in_all


async def test_the_timer_of_one_wait_does_not_end_the_next() -> None:
    deadline = Deadline(30)
    for _ in range(4):  # together longer than one may take, each far from it
        await deadline.wait(given("a", 0.15), 0.5)
    deadline.end()


async def test_a_shorter_wait_after_a_longer_one_is_kept_short() -> None:
    deadline = Deadline(10)
    await deadline.wait(given("a", 0), 5)
    async with asyncio.timeout(8):
        with pytest.raises(DeadlineExceeded):
            await deadline.wait(asyncio.Event().wait(), 0.02)


async def test_time_between_waits_does_not_count() -> None:
    deadline = Deadline(0.5)
    await deadline.wait(given("a", 0.01), 0.4)
    await asyncio.sleep(0.6)
    assert await deadline.wait(given("b", 0.01), 0.4) == "b"
    deadline.end()


async def test_after_giving_up_the_task_is_not_cancelled() -> None:
    deadline = Deadline(1)
    with pytest.raises(DeadlineExceeded):
        await deadline.wait(asyncio.Event().wait(), 0.01)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    assert await deadline.wait(given("a", 0.001), 0.5) == "a"
    deadline.end()


async def test_a_cancel_from_elsewhere_passes_through() -> None:
    task = asyncio.create_task(Deadline(1).wait(asyncio.Event().wait(), 0.5))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_cancel_that_comes_with_the_end_of_patience_wins() -> None:
    deadline = Deadline(1)
    seen: list[int] = []

    async def waiting() -> None:
        try:
            await deadline.wait(asyncio.Event().wait(), 0.02)
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

    deadline = Deadline(1)
    assert await deadline.wait(stubborn(), 0.01) == "done"
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    deadline.end()


async def test_a_failure_of_the_work_is_its_own() -> None:
    async def broken() -> None:
        raise ValueError("Scripted")

    deadline = Deadline(1)
    with pytest.raises(ValueError, match="Scripted"):
        await deadline.wait(broken(), 0.5)
    deadline.end()
