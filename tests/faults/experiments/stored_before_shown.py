"""P2: a server is killed at every chunk of a run, and what clients were shown is looked for in the database."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from tests.faults.clients import Client
from tests.faults.experiments.killing import killed_at
from tests.faults.figures import Comparison, Experiment, Figure, all_of, compared, same, told
from tests.faults.rig import integrity, rig, stored

SLOWED = {"RIG_COMMIT_S": "0.005"}
BROKEN = {"RIG_COMMIT_S": "0.02", "RIG_SHOWN_FIRST": "1"}


@dataclass(frozen=True)
class Size:
    chunks: Sequence[int]
    """The chunks at which the server is killed, as it is."""
    slowed: Sequence[int]
    """The same with a slower commit: only there is the time between a commit and its showing wide enough to hit."""
    broken: Sequence[int]
    """The same with the promise broken on purpose."""
    streams: int


async def measure(size: Size) -> list[Figure]:
    kept, slowed, broken = await asyncio.gather(
        swept(size.chunks, size), swept(size.slowed, size, **SLOWED), swept(size.broken, size, **BROKEN)
    )
    return [
        same("kill points swept", len(size.chunks), kept.kills),
        *kept.comparison.figures(whole=False),
        same("kill points swept, with each commit 5 ms slower", len(size.slowed), slowed.kills),
        *slowed.comparison.figures(whole=False),
        all_of("databases intact", kept.intact + slowed.intact, 2),
        told("streams cut", kept.streams + slowed.streams),
        control(broken.comparison),
    ]


def control(broken: Comparison) -> Figure:
    """Without violations here, the zeros above say nothing."""
    found = broken.not_stored
    return Figure("control: the same with events shown before they are stored", "> 0 not stored", str(found), found > 0)


@dataclass
class Sweep:
    """What the kills of one kind found."""

    kills: int
    streams: int
    intact: bool
    comparison: Comparison


async def swept(chunks: Sequence[int], size: Size, **rigging: str) -> Sweep:
    """Kill one server at each of the chunks in turn."""
    cut: list[Client] = []
    async with rig(**rigging) as (server, _):
        for chunk in chunks:
            if not server.lives():
                server.start()
                await server.ready()
            cut += await killed_at(server, chunk, size.streams)
        logs, intact = stored(server.folder), integrity(server.folder) == "ok"
    return Sweep(len(chunks), len(cut), intact, compared(cut, logs))


EXPERIMENT = Experiment(
    "P2",
    "Nothing is shown that is not stored: what clients received before a kill is the beginning of the log.",
    measure,
    small=Size(chunks=(60,), slowed=(40,), broken=(20,), streams=8),
    large=Size(chunks=range(1, 101), slowed=range(1, 101), broken=(20, 40, 60, 80), streams=10),
)
