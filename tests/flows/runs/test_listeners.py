"""The readers of a run are counted: silence is told when the last one has gone and no other has come."""

import asyncio
from collections.abc import AsyncGenerator

from flows.log.frames import Frame
from flows.runs.listeners import Listeners


async def read_for_ever() -> AsyncGenerator[list[Frame], None]:
    while True:
        yield []


async def listen(listeners: Listeners) -> AsyncGenerator[list[Frame], None]:
    reader = listeners.read_counted(read_for_ever())
    await anext(reader)
    return reader


async def test_silence_is_told_when_the_last_reader_has_left() -> None:
    silence = asyncio.Event()
    listeners = Listeners(0, silence.set)
    first, second = await listen(listeners), await listen(listeners)
    await first.aclose()
    await asyncio.sleep(0)
    assert not silence.is_set()
    await second.aclose()
    await silence.wait()


async def test_a_reader_elsewhere_counts_as_one_that_has_left() -> None:
    silence = asyncio.Event()
    listeners = Listeners(0.05, silence.set)
    assert not listeners.was_heard
    listeners.hear_elsewhere(ago_s=0.04)
    assert listeners.was_heard
    here = await listen(listeners)
    await asyncio.sleep(0.1)
    assert not silence.is_set()
    await here.aclose()
    await silence.wait()


async def test_a_reader_that_comes_in_time_ends_the_wait() -> None:
    told = []
    listeners = Listeners(0, lambda: told.append("silence"))
    first = await listen(listeners)
    await first.aclose()
    second = await listen(listeners)
    for _ in range(5):  # turns of the loop, in each of which a timer that is due would run
        await asyncio.sleep(0)
    assert told == []
    await second.aclose()
