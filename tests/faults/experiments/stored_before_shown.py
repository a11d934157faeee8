"""P2: a server is killed at every chunk of a run, and the database must contain all that clients received."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from tests.faults.clients import Client
from tests.faults.experiments.killing import kill_at
from tests.faults.figures import Comparison, Experiment, Figure, compare, expect_all, expect_same, report
from tests.faults.rig import check_integrity, read_logs, run_rig

SLOW_COMMIT = {"RIG_COMMIT_S": "0.005"}
IN_THREAD = {**SLOW_COMMIT, "MILLRACE_SQLITE_SYNCHRONOUS": "FULL"}
SHOWN_FIRST = {"RIG_COMMIT_S": "0.5", "RIG_SHOWN_FIRST": "1"}
"""Half a second, because on a busy machine the client that kills the server hears of a chunk late."""


@dataclass(frozen=True)
class Size:
    chunks: Sequence[int]
    """The chunks at which the server is killed, as it is."""
    slowed: Sequence[int]
    """The same with slower commits, which make it likely that a kill falls between a commit and its showing: once with
    commits on the event loop, and once in the log's thread."""
    broken: Sequence[int]
    """The same with the promise broken on purpose."""
    streams: int


async def measure(size: Size) -> list[Figure]:
    kept, slowed, threaded, broken = await asyncio.gather(
        sweep_kills(size.chunks, size),
        sweep_kills(size.slowed, size, **SLOW_COMMIT),
        sweep_kills(size.slowed, size, **IN_THREAD),
        sweep_kills(size.broken, size, **SHOWN_FIRST),
    )
    return [
        expect_same("kill points swept", len(size.chunks), kept.kills),
        *kept.comparison.build_figures(whole=False),
        expect_same("kill points swept, with each commit 5 ms slower", len(size.slowed), slowed.kills),
        *slowed.comparison.build_figures(whole=False),
        expect_same("kill points swept, with slower commits in the thread", len(size.slowed), threaded.kills),
        *threaded.comparison.build_figures(whole=False),
        expect_all("databases intact", kept.intact + slowed.intact + threaded.intact, 3),
        report("streams cut", kept.streams + slowed.streams + threaded.streams),
        build_control(broken.comparison),
    ]


def build_control(broken: Comparison) -> Figure:
    """Return the figure of the control: if it finds no violation, the zeros above prove nothing."""
    found = broken.not_stored
    return Figure("control: the same with events shown before they are stored", "> 0 not stored", str(found), found > 0)


@dataclass
class Sweep:
    """What the kills of one kind measured."""

    kills: int
    streams: int
    intact: bool
    comparison: Comparison


async def sweep_kills(chunks: Sequence[int], size: Size, **rigging: str) -> Sweep:
    """Kill one server at each of the chunks in turn."""
    cut: list[Client] = []
    async with run_rig(**rigging) as (server, _):
        for chunk in chunks:
            if not server.is_alive():
                server.start()
                await server.wait_until_ready()
            cut += await kill_at(server, chunk, size.streams)
        logs, intact = read_logs(server.folder), check_integrity(server.folder) == "ok"
    return Sweep(len(chunks), len(cut), intact, compare(cut, logs))


EXPERIMENT = Experiment(
    "P2",
    "Nothing is shown that is not stored: what clients received before a kill is the beginning of the log.",
    measure,
    small=Size(chunks=(60,), slowed=(40,), broken=(20,), streams=8),
    large=Size(chunks=range(1, 101), slowed=range(1, 101), broken=(20, 40, 60, 80), streams=10),
)
