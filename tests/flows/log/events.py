"""Events of a run, and how a test writes them to a log."""

import asyncio
from typing import Any

from flows.events.events import RunEvent as Event
from flows.log.handle import LogHandle
from flows.log.run_log import RunLog

ALL_EVENTS = 1_000_000
"""More events than a run of these tests has."""


def item(seq: int, text: str = "x") -> Any:
    return {
        "type": "item",
        "seq": seq,
        "ms": seq,
        "index": seq,
        "node": "n",
        "source": None,
        "message": None,
        "text": text,
    }


def end(seq: int) -> Any:
    return {"type": "run.completed", "seq": seq, "ms": seq, "result": None, "finish_reason": None, "usage": None}


async def appended(log: RunLog, handle: LogHandle, event: Event, finish: Any = None) -> None:
    pressure = log.append(handle, event, finish)
    if pressure is not None:
        await pressure


async def write(log: RunLog, handle: LogHandle, events: list[Event]) -> None:
    for event in events:
        await appended(log, handle, event)
        await asyncio.sleep(0)
