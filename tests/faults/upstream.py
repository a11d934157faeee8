"""A scripted Messages API in a process of its own: the prompt says how a call is answered.

`python -m tests.faults.upstream PORT`. `GET /calls` tells, for each name that a prompt carried, how many calls came,
and when the client of the last one left.
"""

import asyncio
import json
import sys
import time
import uuid
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

OVERLOADED = refused(529, "overloaded_error")
KEPT = ("one ", "two ", "three")
"""The words before a fault that comes in the middle of an answer."""
SEQUENCES: dict[str, tuple[list[Step], ...]] = {
    "overloaded twice": (OVERLOADED, OVERLOADED, streamed(*KEPT)),
    "silent after one": ([*begun("one"), HANG],),
    "silent, then whole": ([HANG], streamed(*KEPT)),
    "silent twice": ([*begun(), HANG], [*begun(), HANG], streamed(*KEPT)),
    "late, then whole": ([*begun(), Pause(1), chunk(text("Too late")), HANG], streamed(*KEPT)),
}
"""What the calls of one name are answered with in turn; the last also answers all later ones."""


@dataclass(frozen=True)
class Ask:
    """What a prompt asks of the upstream. Without a `script` it is chunks at a steady pace, the first one at once."""

    script: str = ""
    chunks: int = 100
    pause_s: float = 0.01
    size: int = 0
    """How many characters a chunk holds beside the time at which it was written."""
    name: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def prompt(self) -> str:
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class Calls:
    """The calls of one name."""

    count: int = 0
    left_at: float | None = None
    """When the client of the last call closed its socket, on the clock of `time.monotonic`."""


@dataclass(frozen=True)
class Running:
    """The upstream's process as the experiments see it."""

    port: int

    async def calls(self) -> dict[str, Calls]:
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{self.port}/calls") as answer:
            return {name: Calls(*told) for name, told in (await answer.json()).items()}


@contextmanager
def running(port: int) -> Iterator[Running]:
    with run_process([sys.executable, "-m", "tests.faults.upstream", str(port)], OTHER_CORE, port):
        yield Running(port)


class ByPrompt(Upstream):
    """Answers each call as its prompt asks."""

    def __init__(self) -> None:
        super().__init__(())
        self.by_name: dict[str, list[Received]] = {}

    def script_of(self, received: Received) -> Iterable[Step]:
        self.requests.clear()  # they hold every prompt
        if received.body is None:
            return self._told()
        ask = Ask(**json.loads(_prompt(received.body)))
        calls = self.by_name.setdefault(ask.name, [])
        calls.append(received)
        return script(ask, len(calls))

    def _told(self) -> list[Step]:
        told = {name: (len(calls), calls[-1].left_at) for name, calls in self.by_name.items()}
        return [head(200, "application/json"), chunk(json.dumps(told).encode()), END]


def _prompt(body: dict[str, Any]) -> str:
    content = body["messages"][-1]["content"]
    return content if isinstance(content, str) else content[-1]["text"]


def script(ask: Ask, call: int) -> Iterable[Step]:
    """Return the answer to call number `call` of the name that the prompt carries."""
    where, _, fault = ask.script.partition(": ")
    if not ask.script:
        return steady(ask)
    if where == "before":
        return BEFORE_CONTENT[fault][0] if fault != "pings only" else _pinging(begun())
    if where == "after":
        return [*begun(*KEPT), *AFTER_CONTENT[fault][0]] if fault != "pings only" else _pinging(begun(*KEPT))
    answers = SEQUENCES[ask.script]
    return answers[min(call, len(answers)) - 1]


def steady(ask: Ask) -> Iterator[Step]:
    """Yield a whole good answer, paced against the clock; each chunk tells when it was written."""
    yield head()
    yield chunk(start() + block_start())
    began = time.monotonic()
    for index in range(ask.chunks):
        if (ahead_s := began + index * ask.pause_s - time.monotonic()) > 0:
            yield Pause(ahead_s)
        yield chunk(text(f"@{time.monotonic_ns()}@{'x' * ask.size}"))
    yield chunk(block_stop() + message_delta() + STOP)
    yield END


def _pinging(beginning: list[Step]) -> Iterator[Step]:
    yield from beginning
    while True:
        yield from PINGS


async def main(port: int) -> None:
    upstream = ByPrompt()
    server = await asyncio.start_server(upstream.serve, "127.0.0.1", port, backlog=2048)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
