"""Bodies that make the check against a trigger's schema dear stall neither the loop nor the database threads."""

import asyncio

import aiohttp
import pytest

from tests.abuse.dear_bodies import BODIES, create_flow, start_run
from tests.abuse.probes import watch
from tests.faults.rig import get_site, run_servers

KINDS = ("daphne", "uvicorn")
AT_ONCE = 6
MAX_DATABASE_STALL_MS = 250
"""How long `/readyz`, which asks the database, may wait: it stands in one line with the starts themselves."""


@pytest.mark.parametrize("kind", KINDS)
async def test_checks_of_bodies_stall_nobody(kind: str) -> None:
    headers = {"Authorization": f"Bearer {get_site().key}"}
    async with run_servers(1, kind) as (server,), aiohttp.ClientSession(headers=headers) as session:
        flow = await create_flow(session, server.url)
        for name, (build, status) in BODIES.items():
            body = build()
            async with watch(server.port, server.pid) as harm, watch(server.port, server.pid, "/readyz") as waiting:
                answers = await asyncio.gather(*(start_run(session, server.url, flow, body) for _ in range(AT_ONCE)))
            assert answers == [status] * AT_ONCE, name
            harm.require_none()
            waiting.require_none(MAX_DATABASE_STALL_MS)
