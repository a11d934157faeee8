"""P2: a server is killed at every chunk of a run, and what clients were shown is looked for in the database."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.faults import upstream
from tests.faults.clients import Client
from tests.faults.experiments.killing import killed_at
from tests.faults.figures import Comparison, Experiment, Figure, all_of, public, same, told
from tests.faults.rig import integrity, servers, site, stored

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
    lanes: int
    """Servers that are killed beside each other."""


async def measure(size: Size) -> list[Figure]:
    with upstream.running(site().upstream_port):
        kept = await swept(size.chunks, size)
        slowed = await swept(size.slowed, size, **SLOWED)
        broken = await swept(size.broken, size, **BROKEN)
    return [
        same("kill points swept", len(size.chunks), kept.kills),
        *kept.comparison.figures(whole=False),
        same("kill points swept, with each commit 5 ms slower", len(size.slowed), slowed.kills),
        *slowed.comparison.figures(whole=False),
        all_of("databases intact", kept.intact + slowed.intact, kept.lanes + slowed.lanes),
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

    kills: int = 0
    streams: int = 0
    lanes: int = 0
    intact: int = 0
    comparison: Comparison = field(default_factory=Comparison)


async def swept(chunks: Sequence[int], size: Size, **rigging: str) -> Sweep:
    """Kill at each of the chunks, spread over servers beside each other."""
    sweep = Sweep()
    lanes = (chunks[lane :: size.lanes] for lane in range(size.lanes))
    await asyncio.gather(*(one_lane(lane, size.streams, sweep, rigging) for lane in lanes if lane))
    return sweep


async def one_lane(chunks: Sequence[int], streams: int, sweep: Sweep, rigging: Mapping[str, str]) -> None:
    cut: list[Client] = []
    async with servers(1, **rigging) as (server,):
        for chunk in chunks:
            if not server.lives():
                server.start()
                await server.ready()
            cut += await killed_at(server, chunk, streams)
        logs = stored(server.folder)
        sweep.intact += integrity(server.folder) == "ok"
    sweep.lanes += 1
    sweep.kills += len(chunks)
    sweep.streams += len(cut)
    for client in cut:
        sweep.comparison.add(client.received, public(logs.get(client.run, [])))


EXPERIMENT = Experiment(
    "P2",
    "Nothing is shown that is not stored: what clients received before a kill is the beginning of the log.",
    measure,
    small=Size(chunks=(60,), slowed=(40,), broken=(20,), streams=8, lanes=1),
    large=Size(chunks=range(1, 101), slowed=range(1, 101), broken=(20, 40, 60, 80), streams=10, lanes=2),
)
