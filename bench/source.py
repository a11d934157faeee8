"""`python -m bench.source`: CPU per chunk of a model's stream alone, read in each of the ways that were considered.

No flow, no server: one process on one core reads 50 streams of one chunk per 20 ms. Takes about half a minute.
"""

import asyncio
import gc
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import aiohttp
import anthropic

from actions.anthropic.connection import AnthropicConnection
from actions.anthropic.stream.client_pool import close_clients
from actions.anthropic.stream.message_stream import open_stream
from actions.anthropic.stream.parts import TextDelta
from actions.network.policy import NetworkPolicy
from bench.targets import CORE, upstream
from bench.ways import WAYS, reading

PAUSE_S = 0.02
CHUNKS = 250
STREAMS = 50

Source = Callable[[], AsyncIterator[str]]


def request(chunks: int) -> dict[str, Any]:
    return {"model": "claude-haiku-5-5", "max_tokens": chunks, "messages": [{"role": "user", "content": "go"}]}


async def created(url: str, stack: AsyncExitStack) -> Source:
    """Return what the SDK's documentation shows: `create(stream=True)`, an object for each event."""
    client = anthropic.AsyncAnthropic(api_key="bench", base_url=url, max_retries=0)
    await stack.enter_async_context(client)

    async def texts() -> AsyncIterator[str]:
        async with await client.messages.create(**request(CHUNKS), stream=True) as stream:
            async for event in stream:
                if event.type == "content_block_delta" and event.delta.type == "text_delta":
                    yield event.delta.text

    return texts


async def opened(way: str, url: str, stack: AsyncExitStack) -> Source:
    """Return the whole of `open_stream`, limits, timers, the message and its parts included."""
    stack.enter_context(reading(way))
    network = NetworkPolicy(frozenset({url.removeprefix("http://")}))
    connection = AnthropicConnection.resolve({"api_key": "bench", "base_url": url}, network)
    stack.push_async_callback(close_clients)

    async def texts() -> AsyncIterator[str]:
        async with open_stream(connection, request(CHUNKS)) as stream:
            async for part in stream:
                if isinstance(part, TextDelta):
                    yield part.text

    return texts


async def reads_alone(url: str, stack: AsyncExitStack) -> Source:
    """Return aiohttp's reads with nothing done: the floor."""
    session = await stack.enter_async_context(aiohttp.ClientSession())

    async def reads() -> AsyncIterator[str]:
        async with session.post(f"{url}/v1/messages", json=request(CHUNKS)) as answer:
            while data := await answer.content.readany():
                yield str(len(data))

    return reads


BUILDS: dict[str, Callable[[str, AsyncExitStack], Awaitable[Source]]] = {
    "the SDK's create(stream=True), nothing else": created,
    **{f"open_stream over {way}": partial(opened, way) for way in WAYS},
    "aiohttp's reads alone": reads_alone,
}


async def cpu_us(build: Callable[[str, AsyncExitStack], Awaitable[Source]], url: str) -> float:
    async with AsyncExitStack() as stack:
        source = await build(url, stack)
        await consume(source)  # what the first call does once is not counted
        gc.collect()
        before = time.process_time()
        await asyncio.gather(*(consume(source) for _ in range(STREAMS)))
        return (time.process_time() - before) * 1e6 / (STREAMS * CHUNKS)


async def consume(source: Source) -> None:
    async for _ in source():
        pass


def main() -> None:
    with upstream(PAUSE_S) as url:
        os.sched_setaffinity(0, {CORE})
        sys.stdout.write("| source | CPU µs per chunk |\n|---|--:|\n")
        for name, build in BUILDS.items():
            sys.stdout.write(f"| {name} | {asyncio.run(cpu_us(build, url)):.0f} |\n")


if __name__ == "__main__":
    main()
