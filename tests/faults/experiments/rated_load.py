"""P15: SQLite under its rated load for minutes: runs, an editor that saves, an admin, and kills in between."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.faults.clients import Client, http, resumed
from tests.faults.figures import Experiment, Figure, all_of, compared, ends, none, same, told
from tests.faults.rig import Server, integrity, rig, site, stored
from tests.faults.upstream import Ask

CHUNKS, PAUSE_S = 200, 0.02
WRITES_PAUSE_S = 0.5
AWAY_S = 0.2
"""How long a client waits before it calls a server again that is away."""
TOKEN = "x" * 32
ADMIN = {"Cookie": f"csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
"""What proves that a call of a session comes from the server's own page."""


@dataclass(frozen=True)
class Size:
    seconds: float
    runs: int
    """Runs at once; each is followed by another one."""
    kills: int


@dataclass
class Work:
    """What was done, and what the server acknowledged of it."""

    server: Server
    session: aiohttp.ClientSession
    until: float
    flow: str = ""
    """The flow that is edited."""
    clients: list[Client] = field(default_factory=list)
    saves: list[int] = field(default_factory=list)
    """The numbers of the saves that were acknowledged."""
    lost_saves: int = 0
    """Looks at the flow that found less than the last of them."""
    made: set[str] = field(default_factory=set)
    """The ids of the flows and keys whose making was acknowledged."""
    refused: set[str] = field(default_factory=set)
    """Answers of 400 and above."""

    @property
    def over(self) -> bool:
        return time.monotonic() > self.until

    async def call(self, method: str, path: str, body: Any = None, *, admin: bool = False) -> Any:
        """Return the answer of the API, by key or as a signed-in admin; raises aiohttp.ClientError."""
        headers = ADMIN | {"Cookie": f"sessionid={site().session}; {ADMIN['Cookie']}", "Origin": self.server.url}
        given = headers if admin else {"Authorization": f"Bearer {site().key}"}
        async with self.session.request(method, f"{self.server.url}/api/v1/{path}", json=body, headers=given) as answer:
            if answer.status >= 400:
                self.refused.add(f"{method} {path.split('/')[0]}: {answer.status} {(await answer.text())[:150]}")
                answer.raise_for_status()
            return await answer.json()


async def measure(size: Size) -> list[Figure]:
    async with rig() as (server, _), http() as session:
        work = Work(server, session, time.monotonic() + size.seconds)
        await asyncio.gather(
            killing(work, size), saving(work), making(work), *(calling(work) for _ in range(size.runs))
        )
        await resumed(*(client for client in work.clients if not client.ended))
        await look(work)
        present = await listed(work)
        logs, intact, log = stored(server.folder), integrity(server.folder), server.log()
    return [
        told("seconds, runs, kills", f"{size.seconds:g}, {len(work.clients)}, {size.kills}"),
        none("`database is locked` in the server's log", log.count("database is locked")),
        none("kinds of calls that were refused", len(work.refused)),
        *(Figure("refused", "", text, ok=False) for text in sorted(work.refused)[:5]),
        same("`PRAGMA integrity_check`", "ok", intact),
        none(f"looks that missed one of {len(work.saves)} acknowledged saves", work.lost_saves),
        all_of("acknowledged flows and keys, present", len(work.made & present), len(work.made)),
        *ends(logs.values()).figures(),
        *compared(work.clients, logs).figures(),
    ]


async def killing(work: Work, size: Size) -> None:
    for _ in range(size.kills):
        await asyncio.sleep(size.seconds / (size.kills + 1))
        work.server.kill()
        work.server.start()
        await work.server.ready()


async def calling(work: Work) -> None:
    while not work.over:
        client = Client(work.server, Ask(chunks=CHUNKS, pause_s=PAUSE_S))
        with suppress(aiohttp.ClientError):
            await client.start(work.session)
        if client.run:
            work.clients.append(client)
        else:
            await asyncio.sleep(AWAY_S)


async def saving(work: Work) -> None:
    """Save a flow twice a second, as the editor does, each time after a look whether the last save is there."""
    work.flow = (await work.call("POST", "flows", {"name": "Edited", "graph": graph(0)}))["id"]
    number = 0
    while not work.over:
        number += 1
        with suppress(aiohttp.ClientError):
            save = {"revision": await look(work), "graph": graph(number)}
            await work.call("PUT", f"flows/{work.flow}/graph", save)
            work.saves.append(number)
        await asyncio.sleep(WRITES_PAUSE_S)


async def look(work: Work) -> int:
    """Return the flow's revision; note when it holds less than the last save that was acknowledged."""
    found = await work.call("GET", f"flows/{work.flow}")
    number = int(found["graph"]["nodes"][0]["properties"]["value"])
    work.lost_saves += number < max(work.saves, default=0)
    return int(found["revision"])


def graph(number: int) -> dict[str, Any]:
    properties = {"name": "number", "value": str(number)}
    node = {"id": "n", "action": "data.set_variable", "position": {"x": 0, "y": 0}, "properties": properties}
    return {"schema": 1, "nodes": [node], "edges": [], "notes": []}


async def making(work: Work) -> None:
    """Make flows by key and keys as an admin, twice a second each."""
    while not work.over:
        with suppress(aiohttp.ClientError):
            work.made.add((await work.call("POST", "flows", {"name": "Made"}))["id"])
            key = {"name": "Made", "policies": ["execute"]}
            work.made.add((await work.call("POST", "api-keys", key, admin=True))["id"])
        await asyncio.sleep(WRITES_PAUSE_S)


async def listed(work: Work) -> set[str]:
    """Return the ids of all flows and keys that are there."""
    flows, keys = await work.call("GET", "flows"), await work.call("GET", "api-keys", admin=True)
    return {row["id"] for row in (*flows["flows"], *keys["api_keys"])}


EXPERIMENT = Experiment(
    "P15",
    "SQLite carries its rated load for minutes, also through kills, and keeps what was acknowledged.",
    measure,
    small=Size(seconds=8, runs=10, kills=1),
    large=Size(seconds=600, runs=25, kills=20),
)
