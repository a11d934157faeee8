"""P3: the model's API fails in every way that is known; each run ends once, and says why."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tests.actions.anthropic.failing import AFTER_CONTENT, BEFORE_CONTENT
from tests.faults.clients import Client, start_together
from tests.faults.figures import Experiment, Figure, compare, count_ends, expect_all, expect_none, get_type, report
from tests.faults.rig import read_logs, run_rig
from tests.faults.upstream import WORDS_BEFORE_FAULT, CallCount, ScriptedPrompt

NOT_A_FAULT = "one byte at a time"
"""Within the product's own time limits this is a slow answer."""
LONGEST_FAULT = "no answer, silence"
"""The product waits ten minutes for it, because a model may think before its first word."""
SILENT_FAULTS = (LONGEST_FAULT, "silence", "pings only")
RUNS_AT_ONCE = 200
"""More runs at once would measure the machine."""

RUN_LIMITS = ("MILLRACE_MAX_LIVE_RUNS_PER_CALLER", "MILLRACE_MAX_LIVE_RUNS_PER_WORKSPACE", "MILLRACE_MAX_LIVE_RUNS")


class Fault(NamedTuple):
    script: str
    code: str
    calls: int
    flow: str = "patient"


@dataclass(frozen=True)
class Size:
    times: int
    waits_for_silence: bool
    """Whether the experiment waits the minute that the product waits for silence; else a time limit of 5 s ends it."""


def list_faults(patient: bool) -> Iterator[Fault]:
    for name, (_, code, calls) in BEFORE_CONTENT.items():
        if name not in (NOT_A_FAULT, LONGEST_FAULT) and (patient or name not in SILENT_FAULTS):
            yield Fault(f"before: {name}", code, calls)
    for name, (_, code) in AFTER_CONTENT.items():
        if name not in SILENT_FAULTS or patient:
            yield Fault(f"after: {name}", code, 1)
    for where, names in (("before", SILENT_FAULTS), ("after", SILENT_FAULTS[1:])):
        for name in names:
            yield Fault(f"{where}: {name}", "upstream_timeout", 1, "hurried")
    yield Fault("", "upstream_unreachable", 0, "unreachable")


async def measure(size: Size) -> list[Figure]:
    cases = [fault for fault in list_faults(size.waits_for_silence) for _ in range(size.times)]
    limits = dict.fromkeys(RUN_LIMITS, str(len(cases)))  # the silent ones wait all at once
    async with run_rig(**limits) as (server, model):
        clients = [Client(server, ScriptedPrompt(fault.script), fault.flow) for fault in cases]
        await read_all(clients)
        calls, logs = await model.read_calls(), read_logs(server.folder)
    pairs = list(zip(cases, clients, strict=True))
    wrong = [fault.script for fault, client in pairs if client.last.get("code") != fault.code]
    repeated = [fault.script for fault, client in pairs if count_calls(calls, client) != fault.calls]
    cut = [client for fault, client in pairs if fault.script.startswith("after")]
    return [
        report("ways to fail, and times each", f"{len(set(cases))}, {size.times}"),
        expect_all("runs that failed with the code that is promised", len(cases) - len(wrong), len(cases)),
        expect_all("answers cut in their middle whose text is kept", sum(map(has_kept_text, cut)), len(cut)),
        expect_none("runs with more or fewer calls than are promised", len(repeated)),
        *(Figure("told wrongly, or called too often", "none", name, ok=False) for name in {*wrong, *repeated}),
        *count_ends(logs.values()).build_figures(),
        expect_none(
            "cut answers that count as completed", sum(get_type(log[-1]) == "run.completed" for log in logs.values())
        ),
        *compare(clients, logs).build_figures(),
    ]


async def read_all(clients: list[Client]) -> None:
    """Read all runs. The silent ones take minutes, and the others run beside them."""
    silent = [client for client in clients if client.ask.script.endswith(SILENT_FAULTS)]
    others = [client for client in clients if client not in silent]
    waiting = asyncio.create_task(start_together(*silent, within_s=400))
    for at in range(0, len(others), RUNS_AT_ONCE):
        await start_together(*others[at : at + RUNS_AT_ONCE])
    await waiting


def count_calls(calls: dict[str, CallCount], client: Client) -> int:
    return calls.get(client.ask.name, CallCount()).count


def has_kept_text(client: Client) -> bool:
    events = [json.loads(data) for _, data in client.received]
    return [event["text"] for event in events if event["type"] == "item"] == list(WORDS_BEFORE_FAULT)


EXPERIMENT = Experiment(
    "P3",
    "Every run ends with exactly one last event, and one whose model fails says how; a cut answer is never complete.",
    measure,
    small=Size(times=1, waits_for_silence=False),
    large=Size(times=50, waits_for_silence=True),
)
