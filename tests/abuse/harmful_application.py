"""An application that does what the probes must notice, for their own tests: `/NAME?AMOUNT`, in milliseconds or MB."""

import asyncio
import re
import time

from web.middleware.asgi import Receive, Scope, Send, respond


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    harm = HARMS.get(scope["path"])
    if harm:
        await harm(int(scope["query_string"]))
    await respond(send, 200, [], b"ok")


def compute(milliseconds: int) -> None:
    """Use a processor for this time, which is longer by the clock where other programs want it too."""
    until = time.thread_time() + milliseconds / 1000
    while time.thread_time() < until:
        pass


def hold_gil(milliseconds: int) -> None:
    """Search in calls of which none lets another thread run, until one has taken this time."""
    length, used = 1000, 0.0
    while used < milliseconds / 1000:
        began = time.thread_time()
        re.search("a+b", "a" * length)  # quadratic in the length
        length, used = length * 2, time.thread_time() - began


async def block_loop(milliseconds: int) -> None:
    compute(milliseconds)


async def sleep_on_loop(milliseconds: int) -> None:
    time.sleep(milliseconds / 1000)  # noqa: ASYNC251  # the harm


async def hold_gil_in_thread(milliseconds: int) -> None:
    await asyncio.to_thread(hold_gil, milliseconds)


async def compute_in_thread(milliseconds: int) -> None:
    await asyncio.to_thread(compute, milliseconds)


async def fill_memory(megabytes: int) -> None:
    filled = b"x" * (megabytes * 1_000_000)
    await asyncio.sleep(0)
    del filled


HARMS = {
    "/block": block_loop,
    "/sleep": sleep_on_loop,
    "/gil": hold_gil_in_thread,
    "/thread": compute_in_thread,
    "/memory": fill_memory,
}
