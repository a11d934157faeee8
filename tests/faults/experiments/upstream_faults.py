"""P3: the model's API fails in every way that is known; each run ends once, and says why."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tests.actions.anthropic.failing import AFTER_CONTENT, BEFORE_CONTENT
from tests.faults.clients import Client, together
from tests.faults.figures import Experiment, Figure, all_of, compared, ends, none, told, type_of
from tests.faults.rig import rig, stored
from tests.faults.upstream import KEPT, Ask, Calls

NOT_A_FAULT = "one byte at a time"
"""With the product's own patience this is a slow answer."""
LONGEST = "no answer, silence"
"""Waited for ten minutes by the product, since a model may think before it says a word."""
SILENT = (LONGEST, "silence", "pings only")
TOGETHER = 200
"""Runs at once; more would measure the machine."""


class Fault(NamedTuple):
    script: str
    code: str
    calls: int
    flow: str = "patient"


@dataclass(frozen=True)
class Size:
    times: int
    patient: bool
    """Whether silence is waited out for the minute that the product waits; else a time limit of 5 s ends it."""


def faults(patient: bool) -> Iterator[Fault]:
    for name, (_, code, calls) in BEFORE_CONTENT.items():
        if name not in (NOT_A_FAULT, LONGEST) and (patient or name not in SILENT):
            yield Fault(f"before: {name}", code, calls)
    for name, (_, code) in AFTER_CONTENT.items():
        if name not in SILENT or patient:
            yield Fault(f"after: {name}", code, 1)
    for where, names in (("before", SILENT), ("after", SILENT[1:])):
        for name in names:
            yield Fault(f"{where}: {name}", "upstream_timeout", 1, "hurried")
    yield Fault("", "upstream_unreachable", 0, "unreachable")


async def measure(size: Size) -> list[Figure]:
    cases = [fault for fault in faults(size.patient) for _ in range(size.times)]
    async with rig() as (server, model):
        clients = [Client(server, Ask(fault.script), fault.flow) for fault in cases]
        await heard(clients)
        calls, logs = await model.calls(), stored(server.folder)
    pairs = list(zip(cases, clients, strict=True))
    wrong = [fault.script for fault, client in pairs if client.last.get("code") != fault.code]
    repeated = [fault.script for fault, client in pairs if count(calls, client) != fault.calls]
    cut = [client for fault, client in pairs if fault.script.startswith("after")]
    return [
        told("ways to fail, and times each", f"{len(set(cases))}, {size.times}"),
        all_of("runs that failed with the code that is promised", len(cases) - len(wrong), len(cases)),
        all_of("answers cut in their middle whose text is kept", sum(map(keeps_its_text, cut)), len(cut)),
        none("runs with more or fewer calls than are promised", len(repeated)),
        *(Figure("told wrongly, or called too often", "none", name, ok=False) for name in {*wrong, *repeated}),
        *ends(logs.values()).figures(),
        none("cut answers that count as completed", sum(type_of(log[-1]) == "run.completed" for log in logs.values())),
        *compared(clients, logs).figures(),
    ]


async def heard(clients: list[Client]) -> None:
    """Hear all runs; the silent ones take minutes, and the others pass beside them."""
    silent = [client for client in clients if client.ask.script.endswith(SILENT)]
    others = [client for client in clients if client not in silent]
    waiting = asyncio.create_task(together(*silent, within_s=400))
    for at in range(0, len(others), TOGETHER):
        await together(*others[at : at + TOGETHER])
    await waiting


def count(calls: dict[str, Calls], client: Client) -> int:
    return calls.get(client.ask.name, Calls()).count


def keeps_its_text(client: Client) -> bool:
    events = [json.loads(data) for _, data in client.received]
    return [event["text"] for event in events if event["type"] == "item"] == list(KEPT)


EXPERIMENT = Experiment(
    "P3",
    "Every run ends with exactly one last event, and one whose model fails says how; a cut answer is never complete.",
    measure,
    small=Size(times=1, patient=False),
    large=Size(times=50, patient=True),
)
