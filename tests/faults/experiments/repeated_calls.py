"""P5: a temporary failure is retried without the reader seeing it, but only before the first chunk."""

from dataclasses import dataclass

from tests.faults.clients import Client, start_together
from tests.faults.experiments.upstream_faults import has_kept_text
from tests.faults.figures import Experiment, Figure, compare, count_ends, expect_all, expect_same
from tests.faults.rig import read_logs, run_rig
from tests.faults.upstream import ScriptedPrompt


@dataclass(frozen=True)
class Size:
    times: int


async def measure(size: Size) -> list[Figure]:
    async with run_rig() as (server, model):
        before = [Client(server, ScriptedPrompt("overloaded twice")) for _ in range(size.times)]
        after = [Client(server, ScriptedPrompt("after: error event: overloaded")) for _ in range(size.times)]
        await start_together(*before, *after)
        calls, logs = await model.read_calls(), read_logs(server.folder)
    completed = [client for client in before if client.last["type"] == "run.completed"]
    failed = [client for client in after if client.last.get("code") == "upstream_overloaded"]
    return [
        expect_all("529, 529, 200: runs that completed", len(completed), len(before)),
        expect_all("their answers, whole and once", sum(map(has_kept_text, before)), len(before)),
        expect_same("upstream calls of each", {3}, {calls[client.ask.name].count for client in before}),
        expect_all("overloaded after the third chunk: failed, with that code", len(failed), len(after)),
        expect_all("their text, kept", sum(map(has_kept_text, after)), len(after)),
        expect_same("upstream calls of each", {1}, {calls[client.ask.name].count for client in after}),
        *count_ends(logs.values()).build_figures(),
        *compare([*before, *after], logs).build_figures(),
    ]


EXPERIMENT = Experiment(
    "P5",
    "A failure before the first chunk is tried again out of sight; after it, never.",
    measure,
    small=Size(times=2),
    large=Size(times=50),
)
