"""Workspaces take turns in a thread that they share: none waits for all that another one asks for."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from threading import Event

import pytest

from actions.contract.errors import ActionError
from actions.contract.fair_thread import FairThread, ThreadLimits, current_workspace


class Waiting:
    """Calls of several workspaces that wait behind one which is executed until `release`; `order` notes the others."""

    def __init__(self, limits: ThreadLimits | None = None) -> None:
        self.thread = FairThread("test", limits)
        self.order: list[str] = []
        self._first = Event()
        self.tasks = [self._start("first", self._first.wait)]

    def add(self, workspace: str, name: str) -> "asyncio.Task[object]":
        task = self._start(workspace, lambda: self.order.append(name))
        self.tasks.append(task)
        return task

    async def release(self) -> list[object]:
        await asyncio.sleep(0)  # each task has asked
        self._first.set()
        return await asyncio.gather(*self.tasks, return_exceptions=True)

    def _start(self, workspace: str, function: Callable[[], object]) -> "asyncio.Task[object]":
        context = copy_context()
        context.run(current_workspace.set, workspace)
        return asyncio.create_task(self._call(function), context=context)

    async def _call(self, function: Callable[[], object]) -> object:
        return await self.thread.call(function)


async def test_workspaces_take_turns_and_each_keeps_its_order() -> None:
    waiting = Waiting()
    for number in range(4):
        waiting.add("many", f"many {number}")
    waiting.add("few", "few 0")
    waiting.add("few", "few 1")
    await waiting.release()
    assert waiting.order == ["many 0", "few 0", "many 1", "few 1", "many 2", "many 3"]


async def test_a_call_whose_caller_has_left_is_left_out() -> None:
    waiting = Waiting()
    left = waiting.add("a", "left")
    waiting.add("a", "stays")
    await asyncio.sleep(0)
    left.cancel()
    await waiting.release()
    assert waiting.order == ["stays"]


async def test_a_workspace_that_has_reached_its_limit_leaves_room_for_others() -> None:
    waiting = Waiting(ThreadLimits(calls=4, calls_per_workspace=2))
    for name in ("many 0", "many 1", "many 2"):
        waiting.add("many", name)
    waiting.add("few", "few 0")
    waiting.add("third", "third 0")
    outcomes = await waiting.release()
    refused = [outcome for outcome in outcomes if isinstance(outcome, ActionError)]
    assert waiting.order == ["many 0", "few 0", "many 1"]
    assert [(error.code, error.kind, error.retry_after_s) for error in refused] == [("busy", "unavailable", 1)] * 2


async def test_room_is_free_again_when_a_call_has_ended_failed_or_was_left() -> None:
    thread = FairThread("test", ThreadLimits(calls=1, calls_per_workspace=1))
    for _ in range(3):
        assert await thread.call(lambda: 1) == 1
        with pytest.raises(ZeroDivisionError):
            await thread.call(lambda: 1 // 0)
    hold = Event()
    task = asyncio.create_task(thread.call(hold.wait))
    await asyncio.sleep(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    hold.set()
    while thread._counts:  # the call goes on to its end
        await asyncio.sleep(0.001)
    assert await thread.call(lambda: 1) == 1
