"""The calls that the tests of client libraries make, and what the server knows of them."""

import asyncio
import json
import uuid
from typing import Any

import httpx

from tests.faults.rig import Server, get_site, get_upstream, read_logs
from tests.faults.upstream import ScriptedPrompt

FAILS_AFTER_WORDS = "after: FIN in mid-body"
"""The script of a run that fails after its first words."""
FAILS_BEFORE_WORDS = "before: 400"
"""The script of a run whose model refuses the request."""
ADDRESS = "bench"
"""The address of the first flow of the site, `patient`."""
WORDS = [f"word{index} " for index in range(12)]
"""What the model answers when its words are asked for one by one."""
ENDED_WITHIN_S = 20


def build_path() -> str:
    return f"/api/v1/flows/{get_site().flows['patient']}/stream"


def build_headers(key: str | None = None, **more: str) -> dict[str, str]:
    """Return the headers of a call, with a new Idempotency-Key unless one is given; an empty one is left out."""
    name = uuid.uuid4().hex if key is None else key
    return {"Authorization": f"Bearer {get_site().key}", **({"Idempotency-Key": name} if name else {}), **more}


def start_run(server: Server, ask: ScriptedPrompt) -> str:
    """Start a run and return its id."""
    url = f"{server.url}{build_path().removesuffix('stream')}submit"
    return str(httpx.post(url, json={"prompt": ask.prompt}, headers=build_headers()).json()["run"])


def cancel_run(server: Server, run: str) -> None:
    httpx.post(f"{server.url}/api/v1/runs/{run}/cancel", headers=build_headers())


async def wait_for_events(server: Server, run: str, count: int) -> None:
    """Return when so many events of the run are stored."""
    while len(read_logs(server.folder).get(run, ())) < count:
        await asyncio.sleep(0.05)


async def wait_for_end(server: Server, run: str) -> Any:
    """Return the last event of a run when it has ended."""
    async with asyncio.timeout(ENDED_WITHIN_S):
        while True:
            events = read_logs(server.folder).get(run, [])
            last = json.loads(events[-1][1]) if events else {"type": ""}
            if last["type"].startswith("run.") and last["type"] != "run.started":
                return last
            await asyncio.sleep(0.05)


async def count_calls(ask: ScriptedPrompt) -> int:
    """Return how many times a model was called, and paid, for the prompt."""
    return (await get_upstream().read_calls())[ask.name].count


def check_whole(events: list[Any]) -> None:
    """Check that the events are those of a whole run, all of them once and in order."""
    numbers = [event["seq"] for event in events]
    assert numbers == sorted(set(numbers))
    assert [event["index"] for event in events if event["type"] == "item"] == list(range(len(events) - 2))
    assert (events[0]["type"], events[-1]["type"]) == ("run.started", "run.completed")


def parse_lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]
