"""P6: twenty readers join a run at random times, in every form; half of them drop and come back."""

import asyncio
import hashlib
import random
from dataclasses import dataclass

import aiohttp

from tests.faults.clients import Client, WireFormat, open_session
from tests.faults.experiments import reloaded_page
from tests.faults.figures import Experiment, Figure, compare, expect_all, expect_same, leave_out_values, report
from tests.faults.rig import Server, read_logs, run_rig
from tests.faults.upstream import ScriptedPrompt

READERS: tuple[tuple[WireFormat, bool], ...] = (
    ("events", True), ("lines", True), ("pages", True), ("socket", True),
    ("events", False), ("lines", False), ("pages", False),
)  # fmt: skip
"""The forms, and whether a signed-in person reads, who also sees the trace; keys have no socket."""


@dataclass(frozen=True)
class Size:
    runs: int
    readers: int
    chunks: int
    browser: bool
    """Whether the editor's page is reloaded in a browser, too; the small size does so among the browser's tests."""
    pause_s: float = 0.01


async def measure(size: Size) -> list[Figure]:
    readers: list[Client] = []
    async with run_rig() as (server, _):
        for _ in range(size.runs):
            readers += await read_one_run(server, size)
        logs = read_logs(server.folder)
    members = [reader for reader in readers if reader.member]
    keys = [reader for reader in readers if not reader.member]
    return [
        expect_same("different sequences that members received, per run", 1, len(compute_digests(members)) / size.runs),
        expect_same("different sequences that API keys received, per run", 1, len(compute_digests(keys)) / size.runs),
        report("readers, and times that one dropped", f"{len(readers)}, {len(readers) // 2}"),
        expect_all("readers that heard the end", sum(reader.has_ended for reader in readers), len(readers)),
        *compare(readers, logs).build_figures(),
        *(await reloaded_page.measure() if size.browser else ()),
    ]


async def read_one_run(server: Server, size: Size) -> list[Client]:
    dice = random.Random(6)  # noqa: S311  # the same times each time
    owner = Client(server, ScriptedPrompt(chunks=size.chunks, pause_s=size.pause_s))
    forms = [READERS[at % len(READERS)] for at in range(size.readers)]
    readers = [Client(server, wire_format=form, member=member) for form, member in forms]
    async with open_session() as session, asyncio.timeout(120):
        hearing = asyncio.create_task(owner.start(session))
        while not owner.run:
            await asyncio.sleep(0.005)
        length_s = size.chunks * size.pause_s
        await asyncio.gather(*(
            join_run(reader, owner.run, session, dice.uniform(0, length_s), at % 2 == 1)
            for at, reader in enumerate(readers)
        ))  # fmt: skip
        await hearing
    return [owner, *readers]


async def join_run(reader: Client, run: str, session: aiohttp.ClientSession, wait_s: float, drops: bool) -> None:
    reader.run = run
    await asyncio.sleep(wait_s)
    if drops:
        reader.leave_after = 5
        await reader.resume(session)
        await asyncio.sleep(0.1)
        reader.leave_after = None
    await reader.resume(session)


def compute_digests(readers: list[Client]) -> set[str]:
    """Return the different sequences that were received, as hashes over run, numbers and bytes.

    What nodes received and gave is left out: the socket does not send it.
    """
    heard = ((reader.run, leave_out_values(reader.received)) for reader in readers)
    texts = (run + "".join(f"\n{seq} {data}" for seq, data in events) for run, events in heard)
    return {hashlib.sha256(text.encode()).hexdigest() for text in texts}


EXPERIMENT = Experiment(
    "P6",
    "All readers of a run see the same events, byte for byte, whenever they join and in whatever form. Only the socket "
    "leaves out what nodes received and gave.",
    measure,
    small=Size(runs=1, readers=20, chunks=150, browser=False),
    large=Size(runs=10, readers=20, chunks=400, browser=True),
)
