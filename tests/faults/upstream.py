"""A scripted Messages API in a process of its own: the prompt of a call says how it is answered.

`python -m tests.faults.upstream PORT`. `GET /calls` returns by the name of a prompt how many calls had it, and when the
client of the last one closed its socket.
"""

import asyncio
import json
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

import aiohttp

from bench.targets import OTHER_CORE, run_process
from tests.actions.anthropic.failing import AFTER_CONTENT, BEFORE_CONTENT, PINGS
from tests.actions.anthropic.upstream import (
    END,
    HANG,
    STOP,
    Pause,
    Received,
    Step,
    Upstream,
    begun,
    block_start,
    block_stop,
    chunk,
    head,
    message_delta,
    refused,
    start,
    streamed,
    text,
)

WHEN_ASKED = "when asked"
"""The script of an answer whose chunks are asked for, one by one, by `GET /next/NAME`."""
OVERLOADED = refused(529, "overloaded_error")
WORDS_BEFORE_FAULT = ("one ", "two ", "three")
"""The words of an answer before the fault in its middle."""
SEQUENCES: dict[str, tuple[list[Step], ...]] = {
    "overloaded twice": (OVERLOADED, OVERLOADED, streamed(*WORDS_BEFORE_FAULT)),
    "silent after one": ([*begun("one"), HANG],),
    "silent, then whole": ([HANG], streamed(*WORDS_BEFORE_FAULT)),
    "silent twice": ([*begun(), HANG], [*begun(), HANG], streamed(*WORDS_BEFORE_FAULT)),
    "late, then whole": ([*begun(), Pause(1), chunk(text("Too late")), HANG], streamed(*WORDS_BEFORE_FAULT)),
}
"""The answers to the calls of one name, in turn; the last one also answers all later calls."""


@dataclass(frozen=True)
class ScriptedPrompt:
    """What a prompt tells the upstream to answer. Without a `script`: chunks at a steady pace, the first at once."""

    script: str = ""
    """`before: FAULT`, `after: FAULT`, `WHEN_ASKED` or a key of `SEQUENCES`."""
    chunks: int = 100
    pause_s: float = 0.01
    size: int = 0
    """How many characters a chunk has beside the time at which it was written."""
    name: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def prompt(self) -> str:
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class CallCount:
    """The calls of one name."""

    count: int = 0
    left_at: float | None = None
    """When the client of the last call closed its socket, on the clock of `time.monotonic`."""


@dataclass(frozen=True)
class UpstreamProcess:
    """The process of the upstream, as the experiments use it."""

    port: int

    async def read_calls(self) -> dict[str, CallCount]:
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{self.port}/calls") as answer:
            return {name: CallCount(*fields) for name, fields in (await answer.json()).items()}

    async def ask_for_next(self, ask: ScriptedPrompt, chunks: int = 1) -> None:
        """Let the answer to a prompt go on by so many chunks."""
        async with aiohttp.ClientSession() as session:
            for _ in range(chunks):
                await session.get(f"http://127.0.0.1:{self.port}/next/{ask.name}")


@contextmanager
def run_upstream(port: int) -> Iterator[UpstreamProcess]:
    with run_process([sys.executable, "-m", "tests.faults.upstream", str(port)], OTHER_CORE, port):
        yield UpstreamProcess(port)


class PromptedUpstream(Upstream):
    """Answers each call as its prompt asks."""

    def __init__(self) -> None:
        super().__init__(())
        self.by_name: dict[str, list[Received]] = {}
        self.released: Counter[str] = Counter()

    def script_of(self, received: Received) -> Iterable[Step]:
        self.requests.clear()  # they would keep every prompt
        if received.body is None and (name := received.line.split()[1].removeprefix("/next/")) != "/calls":
            self.released[name] += 1
            return [head(200, "application/json"), chunk(b"{}"), END]
        if received.body is None:
            return self._answer_counts()
        if "/count_tokens" in received.line:
            tokens = 10 * len(received.body["messages"]) + len(received.body.get("system", ""))
            return [head(200, "application/json"), chunk(json.dumps({"input_tokens": tokens}).encode()), END]
        ask = ScriptedPrompt(**json.loads(_read_prompt(received.body)))
        calls = self.by_name.setdefault(ask.name, [])
        calls.append(received)
        if ask.script == WHEN_ASKED:
            return self._stream_when_asked(ask)
        return build_script(ask, len(calls))

    def _stream_when_asked(self, ask: ScriptedPrompt) -> Iterator[Step]:
        """Yield a whole answer, of which each chunk but the first waits until it is asked for."""
        yield head()
        yield chunk(start() + block_start())
        for index in range(ask.chunks):
            while self.released[ask.name] < index:
                yield Pause(0.002)
            yield chunk(text(f"word{index} "))
        yield chunk(block_stop() + message_delta() + STOP)
        yield END

    def _answer_counts(self) -> list[Step]:
        counts = {name: (len(calls), calls[-1].left_at) for name, calls in self.by_name.items()}
        return [head(200, "application/json"), chunk(json.dumps(counts).encode()), END]


def _read_prompt(body: dict[str, Any]) -> str:
    content = body["messages"][-1]["content"]
    return content if isinstance(content, str) else content[-1]["text"]


def build_script(ask: ScriptedPrompt, call: int) -> Iterable[Step]:
    """Return the answer to call number `call` of the name that the prompt carries."""
    where, _, fault = ask.script.partition(": ")
    if not ask.script:
        return stream_steadily(ask)
    if where == "before":
        return BEFORE_CONTENT[fault][0] if fault != "pings only" else _ping_forever(begun())
    if where == "after":
        return (
            [*begun(*WORDS_BEFORE_FAULT), *AFTER_CONTENT[fault][0]]
            if fault != "pings only"
            else _ping_forever(begun(*WORDS_BEFORE_FAULT))
        )
    answers = SEQUENCES[ask.script]
    return answers[min(call, len(answers)) - 1]


def stream_steadily(ask: ScriptedPrompt) -> Iterator[Step]:
    """Yield a whole answer, paced by the clock; each chunk contains the time at which it was written."""
    yield head()
    yield chunk(start() + block_start())
    began = time.monotonic()
    for index in range(ask.chunks):
        if (ahead_s := began + index * ask.pause_s - time.monotonic()) > 0:
            yield Pause(ahead_s)
        yield chunk(text(f"@{time.monotonic_ns()}@{'x' * ask.size}"))
    yield chunk(block_stop() + message_delta() + STOP)
    yield END


def _ping_forever(beginning: list[Step]) -> Iterator[Step]:
    yield from beginning
    while True:
        yield from PINGS


async def main(port: int) -> None:
    upstream = PromptedUpstream()
    server = await asyncio.start_server(upstream.serve, "127.0.0.1", port, backlog=2048)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
