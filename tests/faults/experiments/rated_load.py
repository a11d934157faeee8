"""P15: SQLite under its rated load for minutes: runs, an editor that saves, an admin, and kills in between."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.faults.clients import Client, open_session, resume_together
from tests.faults.figures import Experiment, Figure, compare, count_ends, expect_all, expect_none, expect_same, report
from tests.faults.rig import Server, check_integrity, get_site, read_logs, run_rig
from tests.faults.upstream import ScriptedPrompt

CHUNKS, PAUSE_S = 200, 0.02
WRITES_PAUSE_S = 0.5
RETRY_PAUSE_S = 0.2
"""How long a client waits before it calls a dead server again."""
CSRF_TOKEN = "x" * 32
ADMIN_HEADERS = {"Cookie": f"csrftoken={CSRF_TOKEN}", "X-CSRFToken": CSRF_TOKEN}
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
    """How often a look at the flow found an older save than the last acknowledged one."""
    made: set[str] = field(default_factory=set)
    """The ids of the flows and keys whose creation was acknowledged."""
    refused: set[str] = field(default_factory=set)
    """Answers of 400 and above."""

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self.until

    async def call(self, method: str, path: str, body: Any = None, *, admin: bool = False) -> Any:
        """Return the answer of the API, by key or as a signed-in admin; raises aiohttp.ClientError."""
        headers = ADMIN_HEADERS | {
            "Cookie": f"sessionid={get_site().session}; {ADMIN_HEADERS['Cookie']}",
            "Origin": self.server.url,
        }
        given = headers if admin else {"Authorization": f"Bearer {get_site().key}"}
        async with self.session.request(method, f"{self.server.url}/api/v1/{path}", json=body, headers=given) as answer:
            if answer.status >= 400:
                self.refused.add(f"{method} {path.split('/')[0]}: {answer.status} {(await answer.text())[:150]}")
                answer.raise_for_status()
            return await answer.json()


async def measure(size: Size) -> list[Figure]:
    async with run_rig() as (server, _), open_session() as session:
        work = Work(server, session, time.monotonic() + size.seconds)
        await asyncio.gather(
            kill_repeatedly(work, size),
            save_repeatedly(work),
            create_repeatedly(work),
            *(call_repeatedly(work) for _ in range(size.runs)),
        )
        await resume_together(*(client for client in work.clients if not client.has_ended))
        await check_last_save(work)
        present = await list_ids(work)
        logs, intact, log = read_logs(server.folder), check_integrity(server.folder), server.log()
    return [
        report("seconds, runs, kills", f"{size.seconds:g}, {len(work.clients)}, {size.kills}"),
        expect_none("`database is locked` in the server's log", log.count("database is locked")),
        expect_none("kinds of calls that were refused", len(work.refused)),
        *(Figure("refused", "", text, ok=False) for text in sorted(work.refused)[:5]),
        expect_same("`PRAGMA integrity_check`", "ok", intact),
        expect_none(f"looks that missed one of {len(work.saves)} acknowledged saves", work.lost_saves),
        expect_all("acknowledged flows and keys, present", len(work.made & present), len(work.made)),
        *count_ends(logs.values()).build_figures(),
        *compare(work.clients, logs).build_figures(),
    ]


async def kill_repeatedly(work: Work, size: Size) -> None:
    for _ in range(size.kills):
        await asyncio.sleep(size.seconds / (size.kills + 1))
        work.server.kill()
        work.server.start()
        await work.server.wait_until_ready()


async def call_repeatedly(work: Work) -> None:
    while not work.is_over:
        client = Client(work.server, ScriptedPrompt(chunks=CHUNKS, pause_s=PAUSE_S))
        with suppress(aiohttp.ClientError):
            await client.start(work.session)
        if client.run:
            work.clients.append(client)
        else:
            await asyncio.sleep(RETRY_PAUSE_S)


async def save_repeatedly(work: Work) -> None:
    """Save a flow twice a second, as the editor does. Each time, check first that the last save is stored."""
    work.flow = (await work.call("POST", "flows", {"name": "Edited", "graph": build_graph(0)}))["id"]
    number = 0
    while not work.is_over:
        number += 1
        with suppress(aiohttp.ClientError):
            save = {"revision": await check_last_save(work), "graph": build_graph(number)}
            await work.call("PUT", f"flows/{work.flow}/graph", save)
            work.saves.append(number)
        await asyncio.sleep(WRITES_PAUSE_S)


async def check_last_save(work: Work) -> int:
    """Return the flow's revision, and count when the last acknowledged save is not in it."""
    found = await work.call("GET", f"flows/{work.flow}")
    number = int(found["graph"]["nodes"][0]["properties"]["value"])
    work.lost_saves += number < max(work.saves, default=0)
    return int(found["revision"])


def build_graph(number: int) -> dict[str, Any]:
    properties = {"name": "number", "value": str(number)}
    node = {"id": "n", "action": "data.set_variable", "position": {"x": 0, "y": 0}, "properties": properties}
    return {"schema": 1, "nodes": [node], "edges": [], "notes": []}


async def create_repeatedly(work: Work) -> None:
    """Create flows with a key, and keys as an admin, twice a second each."""
    while not work.is_over:
        with suppress(aiohttp.ClientError):
            work.made.add((await work.call("POST", "flows", {"name": "Made"}))["id"])
            key = {"name": "Made", "policies": ["execute"]}
            work.made.add((await work.call("POST", "api-keys", key, admin=True))["id"])
        await asyncio.sleep(WRITES_PAUSE_S)


async def list_ids(work: Work) -> set[str]:
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
