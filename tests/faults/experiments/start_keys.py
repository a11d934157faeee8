"""P11: one call is sent fifty times at once to two servers, and one of them is killed meanwhile."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.faults.clients import Client, open_session
from tests.faults.figures import Experiment, Figure, compare, count_ends, expect_all, expect_same
from tests.faults.rig import Server, get_site, read_logs, run_two_servers
from tests.faults.upstream import ScriptedPrompt

LEASE_S = 3.0


@dataclass(frozen=True)
class Size:
    times: int
    """Calls under one key, half of them to each server."""
    keys: int
    """How often that is done, each time with a fresh key; the last time, a server is killed."""


async def measure(size: Size) -> list[Figure]:
    async with run_two_servers(RIG_LEASE_S=str(LEASE_S)) as (one, other, model):
        both, last = (one, other), size.keys - 1
        rounds = [await repeat_call(both, f"key-{at}", size.times, at == last) for at in range(size.keys)]
        refusals = await measure_refusals(one, f"key-{last}")
        calls, logs = await model.read_calls(), read_logs(one.folder)
    clients = [client for each in rounds for client in each]
    return [
        expect_all("calls that found the run", sum(bool(client.run) for client in clients), size.times * size.keys),
        expect_same("different runs per key, at most", 1, max(len({client.run for client in each}) for each in rounds)),
        expect_same("runs in the log", size.keys + 1, len(logs)),
        expect_same("upstream calls per key", {1}, {calls[each[0].ask.name].count for each in rounds}),
        expect_all("callers that heard the end", sum(client.has_ended for client in clients), len(clients)),
        *count_ends(logs.values()).build_figures(),
        *compare(clients, logs).build_figures(),
        *refusals,
    ]


async def repeat_call(servers: tuple[Server, Server], key: str, times: int, killed: bool) -> list[Client]:
    """Send one call `times` times at once; with `killed`, the second server dies once the first chunk was seen."""

    def kill(client: Client) -> None:
        if killed and len(client.received) > 1 and servers[1].is_alive():
            servers[1].kill()

    ask = ScriptedPrompt(chunks=50, pause_s=0.02)
    clients = [Client(servers[at % 2], ask, on_event=kill) for at in range(times)]
    async with open_session() as session, asyncio.timeout(120):
        return await asyncio.gather(*(call_and_repeat(client, servers[0], key, session) for client in clients))


async def call_and_repeat(client: Client, fallback: Server, key: str, session: aiohttp.ClientSession) -> Client:
    """Call, and when the server dies, call the other one with the same key, as a careful caller does."""
    with suppress(aiohttp.ClientError):  # when it dies before it answers
        await client.start(session, **{"Idempotency-Key": key})
    if client.has_ended:
        return client
    again = Client(fallback, client.ask)
    await again.start(session, **{"Idempotency-Key": key})
    assert client.run in ("", again.run)
    return again


async def measure_refusals(server: Server, used: str) -> list[Figure]:
    async with open_session() as session:
        changed = await read_answer(session, server, used, {"prompt": ScriptedPrompt().prompt})
        invalid = await read_answer(session, server, "fresh", {})
        mended = await read_answer(session, server, "fresh", {"prompt": ScriptedPrompt(chunks=1).prompt})
    return [
        expect_same("another body under a used key", (422, "idempotency_key_reused"), changed),
        expect_same(
            "a call that is not valid, and then the same key", "invalid_input, 200", f"{invalid[1]}, {mended[0]}"
        ),
    ]


async def read_answer(session: aiohttp.ClientSession, server: Server, key: str, body: Any) -> tuple[int, str]:
    """Return the status and the error's code of one call."""
    url = f"{server.url}/api/v1/flows/{get_site().flows['patient']}/run"
    headers = {"Authorization": f"Bearer {get_site().key}", "Idempotency-Key": key}
    async with session.post(url, json=body, headers=headers) as response:
        return response.status, (await response.json()).get("error", {}).get("code", "")


EXPERIMENT = Experiment(
    "P11",
    "A call that is repeated under its Idempotency-Key starts one run, also when a server dies meanwhile.",
    measure,
    small=Size(times=50, keys=1),
    large=Size(times=50, keys=10),
)
