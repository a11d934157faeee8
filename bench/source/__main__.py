"""Measures the CPU per chunk of a model's stream alone, with each reader: `python -m bench.source`.

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
from bench.source.readers import READERS, read_by
from bench.targets import CORE, run_upstream

PAUSE_S = 0.02
CHUNKS = 250
STREAMS = 50

Source = Callable[[], AsyncIterator[str]]


def build_request(chunks: int) -> dict[str, Any]:
    return {"model": "claude-haiku-5-5", "max_tokens": chunks, "messages": [{"role": "user", "content": "go"}]}


async def open_sdk_source(url: str, stack: AsyncExitStack) -> Source:
    """Read as the SDK's documentation shows: `create(stream=True)`, with an object for each event."""
    client = anthropic.AsyncAnthropic(api_key="bench", base_url=url, max_retries=0)
    await stack.enter_async_context(client)

    async def texts() -> AsyncIterator[str]:
        async with await client.messages.create(**build_request(CHUNKS), stream=True) as stream:
            async for event in stream:
                if event.type == "content_block_delta" and event.delta.type == "text_delta":
                    yield event.delta.text

    return texts


async def open_product_source(reader: str, url: str, stack: AsyncExitStack) -> Source:
    """Read with the product's `open_stream`: with its limits, timers, the message and its parts."""
    stack.enter_context(read_by(reader))
    network = NetworkPolicy(frozenset({url.removeprefix("http://")}))
    connection = AnthropicConnection.resolve({"api_key": "bench", "base_url": url}, network)
    stack.push_async_callback(close_clients)

    async def texts() -> AsyncIterator[str]:
        async with open_stream(connection, build_request(CHUNKS)) as stream:
            async for part in stream:
                if isinstance(part, TextDelta):
                    yield part.text

    return texts


async def open_bare_source(url: str, stack: AsyncExitStack) -> Source:
    """Read with aiohttp and do nothing with the bytes: the lower bound."""
    session = await stack.enter_async_context(aiohttp.ClientSession())

    async def reads() -> AsyncIterator[str]:
        async with session.post(f"{url}/v1/messages", json=build_request(CHUNKS)) as answer:
            while data := await answer.content.readany():
                yield str(len(data))

    return reads


BUILDERS: dict[str, Callable[[str, AsyncExitStack], Awaitable[Source]]] = {
    "the SDK's create(stream=True), nothing else": open_sdk_source,
    **{f"open_stream over {reader}": partial(open_product_source, reader) for reader in READERS},
    "aiohttp's reads alone": open_bare_source,
}


async def measure_cpu_us(build: Callable[[str, AsyncExitStack], Awaitable[Source]], url: str) -> float:
    async with AsyncExitStack() as stack:
        source = await build(url, stack)
        await read_all(source)  # the first call does what later ones need not do, and is not counted
        gc.collect()
        before = time.process_time()
        await asyncio.gather(*(read_all(source) for _ in range(STREAMS)))
        return (time.process_time() - before) * 1e6 / (STREAMS * CHUNKS)


async def read_all(source: Source) -> None:
    async for _ in source():
        pass


def main() -> None:
    with run_upstream(PAUSE_S) as url:
        os.sched_setaffinity(0, {CORE})
        sys.stdout.write("| source | CPU µs per chunk |\n|---|--:|\n")
        for name, build in BUILDERS.items():
            sys.stdout.write(f"| {name} | {asyncio.run(measure_cpu_us(build, url)):.0f} |\n")


if __name__ == "__main__":
    main()
