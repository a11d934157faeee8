"""P5: what passes by itself is tried again out of sight, and only as long as nothing of the answer was shown."""

from dataclasses import dataclass

from tests.faults.clients import Client, together
from tests.faults.experiments.upstream_faults import keeps_its_text
from tests.faults.figures import Experiment, Figure, all_of, compared, ends, same
from tests.faults.rig import rig, stored
from tests.faults.upstream import Ask


@dataclass(frozen=True)
class Size:
    times: int


async def measure(size: Size) -> list[Figure]:
    async with rig() as (server, model):
        before = [Client(server, Ask("overloaded twice")) for _ in range(size.times)]
        after = [Client(server, Ask("after: error event: overloaded")) for _ in range(size.times)]
        await together(*before, *after)
        calls, logs = await model.calls(), stored(server.folder)
    completed = [client for client in before if client.last["type"] == "run.completed"]
    failed = [client for client in after if client.last.get("code") == "upstream_overloaded"]
    return [
        all_of("529, 529, 200: runs that completed", len(completed), len(before)),
        all_of("their answers, whole and once", sum(map(keeps_its_text, before)), len(before)),
        same("upstream calls of each", {3}, {calls[client.ask.name].count for client in before}),
        all_of("overloaded after the third chunk: failed, with that code", len(failed), len(after)),
        all_of("their text, kept", sum(map(keeps_its_text, after)), len(after)),
        same("upstream calls of each", {1}, {calls[client.ask.name].count for client in after}),
        *ends(logs.values()).figures(),
        *compared([*before, *after], logs).figures(),
    ]


EXPERIMENT = Experiment(
    "P5",
    "A failure before the first chunk is tried again out of sight; after it, never.",
    measure,
    small=Size(times=2),
    large=Size(times=50),
)
