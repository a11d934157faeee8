"""Each process answers a Prometheus server for itself, at a port of its own, and counts without names that grow."""

import asyncio
from functools import partial
from typing import Any

import aiohttp
import pytest
from django.core.exceptions import ImproperlyConfigured

from config.observing import read_metrics
from server.metrics.address import MetricsAddress
from tests.faults.clients import Client, open_session, start_together
from tests.faults.rig import get_site, run_rig, run_servers
from tests.faults.scaled import needs_services, run_installation
from tests.faults.upstream import WHEN_ASKED, ScriptedPrompt
from tests.server.watching.scrapes import Scrape, build_url, choose_variables, read_port, scrape, scrape_until

TOKEN = "a wheel of oak, twice"
run_workers = partial(run_installation, 1, 1, "uvicorn", 150)


async def ask(url: str, **headers: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status, await answer.text()


def count_bucket(found: Scrape, name: str) -> list[float]:
    """Return the counts of a histogram's buckets, the shortest first."""
    pairs = [(float(dict(labels)["le"]), value) for (each, labels), value in found.values.items() if each == name]
    return [value for _, value in sorted(pairs)]


@pytest.mark.parametrize("kind", ["uvicorn", "daphne"])
async def test_a_scrape_tells_what_runs_have_come_to(kind: str) -> None:
    async with run_rig(kind, **choose_variables()) as (server, _):
        port = read_port(server)
        before = await scrape(port)
        whole = [Client(server, ScriptedPrompt(chunks=20, pause_s=0.001)) for _ in range(3)]
        broken = Client(server, ScriptedPrompt("after: FIN in mid-body"))
        await start_together(*whole, broken)
        await scrape_until(port, "log_commit_seconds_count", 4)
        found = await scrape_until(port, "requests_total", 4, status="200")
    assert (before.get("up"), before.get("process", role="web"), before.get("runs_started_total")) == (1, 1, 0)
    assert found.get("runs_started_total") == 4
    assert found.get("runs_ended_total", outcome="completed") == 3
    assert found.get("runs_ended_total", outcome="failed") == found.get("runs_failed_total", fault="vendor") == 1
    assert found.get("chunks_total") == sum(count_items(client) for client in (*whole, broken))
    assert found.get("run_first_chunk_seconds_count") == found.get("run_seconds_count") == 4
    assert found.get("upstream_errors_total", kind="chat", code=broken.last["code"]) == 1
    assert found.get("requests_total", status="200") >= 4
    assert found.get("model_tokens_total", kind="output") > 0
    for name in ("run_seconds", "run_first_chunk_seconds", "log_commit_seconds"):
        counts = count_bucket(found, f"millrace_{name}_bucket")
        assert counts == sorted(counts)
        assert counts[-1] == 4
    assert 0 < found.get("log_commit_seconds_sum") < 4 * 30
    assert "process_resident_memory_bytes" in found.text


def count_items(client: Client) -> int:
    return sum('"type":"item"' in data for _, data in client.received)


async def test_a_run_that_goes_on_shows_its_chunks_and_its_stream() -> None:
    async with run_rig("uvicorn", **choose_variables()) as (server, upstream):
        port = read_port(server)
        client = Client(server, ScriptedPrompt(WHEN_ASKED))
        async with open_session() as session:
            reading = asyncio.create_task(client.start(session))
            await upstream.ask_for_next(client.ask, chunks=3)
            found = await scrape_until(port, "chunks_total", 3)
            reading.cancel()
        assert (found.get("live_runs"), found.get("open_streams"), found.get("runs_started_total")) == (1, 1, 1)
        assert found.get("runs_ended_total", outcome="completed") == 0
        assert found.get("log_waiting_events") <= 3
        assert found.get("loop_wait_seconds") > 0
        assert found.get("database_wait_seconds") > 0


async def test_tries_that_were_repeated_are_counted_too() -> None:
    async with run_rig("uvicorn", **choose_variables()) as (server, _):
        port = read_port(server)
        client = Client(server, ScriptedPrompt("overloaded twice"))
        await start_together(client)
        found = await scrape_until(port, "runs_ended_total", 1, outcome="completed")
    assert client.last["type"] == "run.completed"
    assert found.get("upstream_errors_total", kind="chat", code="upstream_overloaded") == 2
    assert found.get("runs_failed_total", fault="vendor") == 0


async def test_no_name_of_a_run_a_flow_or_a_person_is_told() -> None:
    async with run_rig("uvicorn", **choose_variables()) as (server, _):
        port = read_port(server)
        clients = [Client(server, ScriptedPrompt(chunks=2)) for _ in range(2)]
        await start_together(*clients)
        found = await scrape_until(port, "runs_ended_total", 2, outcome="completed")
    site = get_site()
    for secret in (site.key, site.session, *site.flows.values(), *(client.run for client in clients)):
        assert secret not in found.text
    labels = {label for label in found.list_labels() if not label.isdigit()}  # but statuses
    assert labels <= {"web", "completed", "turn", "input", "output", "cache_read", "cache_write"}


async def test_nobody_is_answered_without_the_token_or_elsewhere() -> None:
    async with run_rig("uvicorn", **choose_variables(MILLRACE_METRICS_TOKEN=TOKEN)) as (server, _):
        port = read_port(server)
        assert await ask(build_url(port)) == (401, "401 Unauthorized\n")
        assert (await ask(build_url(port), Authorization=f"Bearer {TOKEN}x"))[0] == 401
        assert (await ask(build_url(port, "/"), Authorization=f"Bearer {TOKEN}"))[0] == 404
        assert (await ask(build_url(port), Authorization=f"Bearer {TOKEN}"))[0] == 200
        assert (await ask(f"{server.url}/metrics"))[0] == 404
        assert (await scrape(port, TOKEN)).get("up") == 1


async def test_a_silent_caller_holds_up_no_scrape_for_long() -> None:
    async with run_rig("uvicorn", **choose_variables()) as (server, _):
        port = read_port(server)
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        async with asyncio.timeout(30):
            assert (await scrape(port)).get("up") == 1
        writer.close()


async def test_processes_with_the_same_settings_take_the_next_free_ports() -> None:
    async with run_servers(2, "uvicorn", **choose_variables()) as servers:
        ports = [read_port(server) for server in servers]
        await start_together(Client(servers[0], ScriptedPrompt(chunks=1)))
        assert [(await scrape(port)).get("runs_started_total") for port in ports] == [1, 0]


@needs_services
async def test_a_worker_is_scraped_at_a_port_of_its_own() -> None:
    async with run_workers(**choose_variables()) as installation:
        await start_together(Client(installation.webs[0], ScriptedPrompt(chunks=5)))
        web, worker = [await scrape(read_port(each)) for each in (*installation.webs, *installation.workers)]
    assert (web.get("process", role="web"), worker.get("process", role="worker")) == (1, 1)
    assert (worker.get("chunks_total"), worker.get("runs_started_total"), web.get("runs_started_total")) == (5, 1, 0)
    assert web.get("requests_total", status="200") >= 1
    assert web.values[("millrace_waiting_runs", frozenset({("what_for", "worker")}))] == 0


def test_metrics_are_off_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MILLRACE_METRICS_PORT", raising=False)
    assert read_metrics() is None


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, ("127.0.0.1", 9464, "")),
        ({"BIND": "::1"}, ("::1", 9464, "")),
        ({"BIND": "10.0.0.5", "TOKEN": TOKEN}, ("10.0.0.5", 9464, TOKEN)),
    ],
)
def test_the_settings_say_where(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], address: Any) -> None:
    for name, value in {"PORT": "9464", **given}.items():
        monkeypatch.setenv(f"MILLRACE_METRICS_{name}", value)
    assert read_metrics() == MetricsAddress(*address)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"BIND": "::"}, "other machines can reach, but MILLRACE_METRICS_TOKEN is not set"),
        ({"BIND": "10.0.0.5"}, "other machines can reach, but MILLRACE_METRICS_TOKEN is not set"),
        ({"TOKEN": "oak wheel"}, "MILLRACE_METRICS_TOKEN is too short"),
        ({"BIND": "metrics.example.com"}, "MILLRACE_METRICS_BIND is 'metrics.example.com'"),
        ({"PORT": "65530"}, "MILLRACE_METRICS_PORT is '65530'"),
    ],
)
def test_what_would_be_open_to_anybody_is_refused(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], words: str
) -> None:
    for name, value in {"PORT": "9464", **given}.items():
        monkeypatch.setenv(f"MILLRACE_METRICS_{name}", value)
    with pytest.raises(ImproperlyConfigured, match=words) as refused:
        read_metrics()
    assert given.get("TOKEN", "no token") not in str(refused.value)
