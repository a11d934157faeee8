"""What a load balancer asks: answered under every host name, to GET and HEAD, by real servers."""

import aiohttp
import pytest

from tests.faults.clients import open_session
from tests.faults.rig import DATABASE, Server, run_servers
from tests.server.databases import change_database

PATHS = ("/healthz", "/readyz")
HOSTS = ("10.0.0.7:8000", "anything.example", "under_score", "bad host", "[::1]")


async def ask(session: aiohttp.ClientSession, server: Server, method: str, path: str, host: str) -> tuple[int, bytes]:
    async with session.request(method, server.url + path, headers={"Host": host}) as answer:
        return answer.status, await answer.read()


@pytest.mark.parametrize("kind", ["daphne", "uvicorn"])
async def test_every_host_name_is_answered_to_get_and_head(kind: str) -> None:
    async with run_servers(1, kind) as (server,), open_session() as session:
        for path in PATHS:
            for host in HOSTS:
                assert (await ask(session, server, "GET", path, host))[0] == 200
                assert await ask(session, server, "HEAD", path, host) == (200, b"")
        assert (await ask(session, server, "GET", "/docs/", HOSTS[0]))[0] == 400


async def test_a_server_whose_database_became_too_old_is_not_ready_and_says_what_to_run() -> None:
    async with run_servers(1) as (server,), open_session() as session:
        change_database(server.folder / DATABASE, "delete from django_migrations where app = 'flows'")
        async with session.get(f"{server.url}/readyz") as answer:
            assert answer.status == 503
            expected = {"status": "migrations missing", "hint": "Run: python manage.py migrate"}
            assert await answer.json() == expected
        assert (await ask(session, server, "GET", "/healthz", HOSTS[0]))[0] == 200
