"""What a stream holds back, and how much of it is taken at once."""

import asyncio
from collections.abc import Iterator
from itertools import pairwise

from actions.anthropic.stream.message_stream import MessageStream, open_stream
from actions.anthropic.stream.parts import BlockStart, Stop, TextDelta
from actions.anthropic.stream.pushed_body import MAX_EVENTS
from actions.anthropic.stream.timing import Timing
from tests.actions.anthropic.conftest import QUICK, Connect
from tests.actions.anthropic.upstream import (
    END,
    STOP,
    Pause,
    Step,
    block_start,
    block_stop,
    chunk,
    head,
    message_delta,
    start,
    streamed,
    text,
    upstream,
)

REQUEST = {"model": "claude-opus-4-6", "max_tokens": 100, "messages": [{"role": "user", "content": "Hi"}]}
BURST = 20 * MAX_EVENTS


async def test_a_burst_in_one_read_lets_other_tasks_have_their_turn(connect: Connect) -> None:
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    words = [f"{number} " for number in range(BURST)]
    burst = b"".join(map(text, words)) + block_stop() + message_delta() + STOP
    script: list[Step] = [head(), chunk(start() + block_start() + text("")), Pause(0.05), chunk(burst) + END]
    async with (
        upstream(script) as server,
        open_stream(connect(server.url), REQUEST, timing=QUICK) as stream,
    ):
        came: list[str] = []
        first_turns: int | None = None
        others = asyncio.create_task(count_turns())
        async for part in stream:
            if isinstance(part, TextDelta):
                first_turns = turns if first_turns is None else first_turns
                came.append(part.text)
        others.cancel()
    assert came == words
    assert first_turns is not None
    assert turns - first_turns >= BURST // MAX_EVENTS - 1


async def test_each_piece_of_a_burst_may_be_a_chunk_of_its_own(connect: Connect) -> None:
    words = [f"{number} " for number in range(BURST)]
    chunks = b"".join(chunk(text(word)) for word in words)
    end = chunk(block_stop() + message_delta() + STOP) + END
    script: list[Step] = [head(), chunk(start() + block_start()) + chunks + end]
    async with (
        upstream(script) as server,
        open_stream(connect(server.url), REQUEST, timing=QUICK) as stream,
    ):
        parts = [part async for part in stream]
    assert [part.text for part in parts if isinstance(part, TextDelta)] == words
    assert isinstance(parts[-1], Stop)


OFFERED_BYTES = 48 * 1024 * 1024
MOST_TAKEN_BYTES = 24 * 1024 * 1024
"""What the kernel's buffers of both ends take at most, with what is kept here."""


class Offer:
    """An answer that its server writes for as long as somebody takes it."""

    def __init__(self) -> None:
        self.taken_bytes = 0

    def __iter__(self) -> Iterator[Step]:
        yield head()
        yield chunk(start() + block_start())
        block = chunk(text("It turns.") * 400)
        while self.taken_bytes < OFFERED_BYTES:
            yield block
            self.taken_bytes += len(block)

    async def wait_until_stalled(self) -> None:
        """Return when nothing has been taken for a second."""
        async with asyncio.timeout(60):
            earlier = -1
            while self.taken_bytes != earlier:
                earlier = self.taken_bytes
                await asyncio.sleep(1)


async def test_the_model_is_held_back_while_nobody_takes_what_it_says(connect: Connect) -> None:
    offer = Offer()
    async with upstream(offer) as server:
        async with open_stream(connect(server.url), REQUEST) as stream:
            parts = aiter(stream)
            await anext(parts)
            await offer.wait_until_stalled()
            assert offer.taken_bytes < MOST_TAKEN_BYTES
            earlier = offer.taken_bytes
            while offer.taken_bytes == earlier:
                assert isinstance(await anext(parts), BlockStart | TextDelta)
        await server.requests[0].wait_until_left()


async def read_first_text(stream: MessageStream) -> str:
    """Read until the first piece of text; what follows may be pushed."""
    return await anext(part.text async for part in stream if isinstance(part, TextDelta))


async def test_a_burst_that_is_pushed_lets_other_tasks_have_their_turn(connect: Connect) -> None:
    turns: list[int] = []
    words = [f"{number} " for number in range(BURST)]
    script: list[Step] = [
        *(head(), chunk(start() + block_start() + text("First. ")), Pause(0.05)),
        *(chunk(b"".join(map(text, words)) + block_stop() + message_delta() + STOP), END),
    ]

    async def count_turns() -> None:
        while True:
            turns.append(len(came))
            await asyncio.sleep(0)

    def take_text(text: str) -> bool:
        came.append(text)
        return True

    came: list[str] = []
    async with upstream(script) as server, open_stream(connect(server.url), REQUEST, timing=QUICK) as stream:
        came.append(await read_first_text(stream))
        others = asyncio.create_task(count_turns())
        await stream.push_text(take_text)
        others.cancel()
        assert isinstance([part async for part in stream][-1], Stop)
    assert came == ["First. ", *words]
    assert max(after - before for before, after in pairwise(turns)) <= MAX_EVENTS


async def test_the_model_is_held_back_while_a_pushed_text_waits(connect: Connect) -> None:
    offer, taken = Offer(), []

    def take_one(text: str) -> bool:
        taken.append(text)
        return False

    async with upstream(offer) as server:
        async with open_stream(connect(server.url), REQUEST) as stream:
            await read_first_text(stream)
            await stream.push_text(take_one)
            await offer.wait_until_stalled()
            assert offer.taken_bytes < MOST_TAKEN_BYTES
            assert len(taken) == 1
            earlier = offer.taken_bytes
            while offer.taken_bytes == earlier:
                await stream.push_text(take_one)
        await server.requests[0].wait_until_left()


async def test_what_a_gateway_writes_behind_the_end_does_not_cost_a_socket(connect: Connect) -> None:
    script: list[Step] = [*streamed("a")[:-1], chunk(b"data: [DONE]\n\n"), Pause(0.01), END]
    async with upstream(script) as server:
        for _ in range(3):
            async with open_stream(connect(server.url), REQUEST, timing=Timing(drain_s=10)) as stream:
                assert isinstance([part async for part in stream][-1], Stop)
    assert server.connections == 1
