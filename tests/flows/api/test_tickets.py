"""A ticket lets a page hear one run, once, within a minute, as the key that made it."""

from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client
from django.utils import timezone

from flows.models import Flow
from tests.flows.rest_client import post, whole
from workspaces import keys, tickets
from workspaces.audit.record import SERVER
from workspaces.models import ApiKey, StreamTicket, Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]
SHOP = "https://shop.example"


async def issue(run: str, key: str) -> Any:
    headers = {"Authorization": f"Bearer {key}"}
    return await AsyncClient().post(f"/api/v1/runs/{run}/tickets", headers=headers)


@pytest.fixture
async def run(flow: Flow, key: str) -> str:
    """A run that has ended."""
    return str((await post(flow, "run", key)).json()["run"])


async def test_a_ticket_opens_the_stream_of_its_run_once(run: str, key: str) -> None:
    made = (await issue(run, key)).json()
    first = await AsyncClient().get(made["events"])
    assert first.status_code == 200
    assert (await whole(first)).count("event: run.completed") == 1
    assert (await AsyncClient().get(made["events"])).status_code == 401


async def test_a_ticket_may_follow_an_event(run: str, key: str) -> None:
    made = (await issue(run, key)).json()
    text = await whole(await AsyncClient().get(f"{made['events']}&after=1"))
    assert "event: run.started" not in text
    assert "event: run.completed" in text


async def test_a_ticket_is_for_no_other_run_and_no_other_call(flow: Flow, run: str, key: str) -> None:
    other = (await post(flow, "run", key)).json()["run"]
    ticket = (await issue(run, key)).json()["ticket"]
    elsewhere = [f"/api/v1/runs/{other}/events", f"/api/v1/runs/{run}", "/api/v1/runs"]
    statuses = [(await AsyncClient().get(f"{path}?ticket={ticket}")).status_code for path in elsewhere]
    assert statuses[0] == 401
    assert all(status in (400, 401) for status in statuses)
    assert (await AsyncClient().get(f"/api/v1/runs/{run}/events?ticket={ticket}")).status_code == 200


async def test_a_ticket_expires(run: str, key: str) -> None:
    made = (await issue(run, key)).json()
    await StreamTicket.objects.aupdate(expires_at=timezone.now())
    assert (await AsyncClient().get(made["events"])).status_code == 401
    await issue(run, key)
    assert await StreamTicket.objects.acount() == 1


async def test_a_ticket_ends_with_its_key(run: str, key: str) -> None:
    made = (await issue(run, key)).json()
    await ApiKey.objects.all().aupdate(expires_at=timezone.now() - timedelta(seconds=1))
    assert (await AsyncClient().get(made["events"])).status_code == 401


async def test_a_ticket_ends_with_the_secret_that_asked_for_it(run: str, key: str) -> None:
    made = [(await issue(run, key)).json() for _ in range(2)]
    row = await ApiKey.objects.aget()
    of_key = row.workspace_id, row.pk
    await sync_to_async(keys.rotate_key)(*of_key, timezone.now() + timedelta(days=1), SERVER)
    assert (await AsyncClient().get(made[0]["events"])).status_code == 200
    await sync_to_async(keys.revoke_old_secret)(*of_key, SERVER)
    assert (await AsyncClient().get(made[1]["events"])).status_code == 401


async def test_a_ticket_is_used_from_the_pages_of_its_key(workspace: Workspace, flow: Flow) -> None:
    fields = {"name": "Page", "policies": ["execute"], "environments": ["development"], "origins": [SHOP]}
    key = (await sync_to_async(keys.issue_key)(workspace, None, **fields))[1]
    run = (await post(flow, "run", key)).json()["run"]
    made = [(await issue(run, key)).json() for _ in range(2)]
    mine = await AsyncClient().get(made[0]["events"], headers={"Origin": SHOP})
    other = await AsyncClient().get(made[1]["events"], headers={"Origin": "https://other.example"})
    assert (mine.status_code, mine["Access-Control-Allow-Origin"]) == (200, SHOP)
    assert (other.status_code, other.headers.get("Access-Control-Allow-Origin")) == (403, None)


async def test_a_ticket_is_stored_as_a_hash_and_kept_by_no_cache(run: str, key: str) -> None:
    answer = await issue(run, key)
    stored = await StreamTicket.objects.aget()
    assert answer.json()["ticket"] not in stored.digest
    assert (answer.status_code, answer["Cache-Control"]) == (201, "no-store")


async def test_a_key_has_so_many_tickets_at_once(run: str, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tickets, "MAX_OPEN_TICKETS", 2)
    answers = [await issue(run, key) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[2].json()["error"]["code"] == "too_many_tickets"


async def test_the_run_of_another_key_has_no_ticket(workspace: Workspace, run: str) -> None:
    fields = {"name": "Other", "policies": ["execute"], "environments": ["development"]}
    other = (await sync_to_async(keys.issue_key)(workspace, None, **fields))[1]
    assert (await issue(run, other)).status_code == 404


def test_a_page_of_this_server_needs_no_ticket(client: Client, flow: Flow) -> None:
    run = client.post(f"/api/v1/flows/{flow.pk}/submit", {"prompt": "x"}, "application/json").json()["run"]
    refused = client.post(f"/api/v1/runs/{run}/tickets")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "keys_only")
