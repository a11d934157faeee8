"""P11: one call is sent fifty times at once to two servers, and one of them is killed meanwhile."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.faults.clients import Client, http
from tests.faults.figures import Experiment, Figure, all_of, compared, ends, same
from tests.faults.rig import Server, rig_of_two, site, stored
from tests.faults.upstream import Ask

LEASE_S = 3.0


@dataclass(frozen=True)
class Size:
    times: int
    """Calls under one key, half of them to each server."""
    keys: int
    """How often that is done, each time with a fresh key; the last time, a server is killed."""


async def measure(size: Size) -> list[Figure]:
    async with rig_of_two(RIG_LEASE_S=str(LEASE_S)) as (one, other, model):
        both, last = (one, other), size.keys - 1
        rounds = [await repeated(both, f"key-{at}", size.times, at == last) for at in range(size.keys)]
        refusals = await refused(one, f"key-{last}")
        calls, logs = await model.calls(), stored(one.folder)
    clients = [client for each in rounds for client in each]
    return [
        all_of("calls that found the run", sum(bool(client.run) for client in clients), size.times * size.keys),
        same("different runs per key, at most", 1, max(len({client.run for client in each}) for each in rounds)),
        same("runs in the log", size.keys + 1, len(logs)),
        same("upstream calls per key", {1}, {calls[each[0].ask.name].count for each in rounds}),
        all_of("callers that heard the end", sum(client.ended for client in clients), len(clients)),
        *ends(logs.values()).figures(),
        *compared(clients, logs).figures(),
        *refusals,
    ]


async def repeated(servers: tuple[Server, Server], key: str, times: int, killed: bool) -> list[Client]:
    """Send one call `times` times at once; with `killed`, the second server dies once the first chunk was seen."""

    def kill(client: Client) -> None:
        if killed and len(client.received) > 1 and servers[1].lives():
            servers[1].kill()

    ask = Ask(chunks=50, pause_s=0.02)
    clients = [Client(servers[at % 2], ask, seen=kill) for at in range(times)]
    async with http() as session, asyncio.timeout(120):
        return await asyncio.gather(*(called(client, servers[0], key, session) for client in clients))


async def called(client: Client, fallback: Server, key: str, session: aiohttp.ClientSession) -> Client:
    """Call, and when the server dies, call again at the other one as a careful caller does."""
    with suppress(aiohttp.ClientError):  # when it dies before it answers
        await client.start(session, **{"Idempotency-Key": key})
    if client.ended:
        return client
    again = Client(fallback, client.ask)
    await again.start(session, **{"Idempotency-Key": key})
    assert client.run in ("", again.run)
    return again


async def refused(server: Server, used: str) -> list[Figure]:
    async with http() as session:
        changed = await answer(session, server, used, {"prompt": Ask().prompt})
        invalid = await answer(session, server, "fresh", {})
        mended = await answer(session, server, "fresh", {"prompt": Ask(chunks=1).prompt})
    return [
        same("another body under a used key", (422, "idempotency_key_reused"), changed),
        same("a call that is not valid, and then the same key", "invalid_input, 200", f"{invalid[1]}, {mended[0]}"),
    ]


async def answer(session: aiohttp.ClientSession, server: Server, key: str, body: Any) -> tuple[int, str]:
    """Return the status and the error's code of one call."""
    url = f"{server.url}/api/v1/flows/{site().flows['patient']}/run"
    headers = {"Authorization": f"Bearer {site().key}", "Idempotency-Key": key}
    async with session.post(url, json=body, headers=headers) as told:
        return told.status, (await told.json()).get("error", {}).get("code", "")


EXPERIMENT = Experiment(
    "P11",
    "A call that is repeated under its Idempotency-Key starts one run, also when a server dies meanwhile.",
    measure,
    small=Size(times=50, keys=1),
    large=Size(times=50, keys=10),
)
