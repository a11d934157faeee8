"""The audit log: with the deed or not at all, never changed, found by person, kind and time, exported as a stream."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import transaction
from django.test import AsyncClient, Client

from connections import services as connections
from flows import services as flows
from web.database import close_pool_connections
from workspaces import keys
from workspaces.audit.record import SERVER, Subject, describe_person, record
from workspaces.audit.search import AuditFilter, find_entries
from workspaces.models import AuditEntry, Membership, Role, User, Workspace

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/api/v1/audit-log"
SECRET = "sk-ant-" + "s" * 40


@pytest.fixture(autouse=True)
def closed_connections() -> Iterator[None]:
    yield
    close_pool_connections()


def send(client: Client, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    answer = client.generic(method, f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json")
    assert answer.status_code < 300, answer.content
    return answer.json() if answer.content else None


def list_deeds(client: Client, **query: str) -> list[str]:
    return [entry["deed"] for entry in client.get(PATH, query).json()["entries"]]


def test_each_deed_is_an_entry_with_who_and_what(client: Client, alice: User, editor: User) -> None:
    flow = send(client, "POST", "flows", {"name": "Desk"})
    graph = {"schema": 1, "nodes": [{"id": "t", "action": "http.trigger", "position": {"x": 1, "y": 1}}]}
    send(client, "PUT", f"flows/{flow['id']}/graph", {"revision": flow["revision"], "graph": graph})
    send(client, "PATCH", f"flows/{flow['id']}", {"name": "Night desk"})
    send(client, "DELETE", f"flows/{flow['id']}")
    given = {"name": "Main", "kind": "anthropic", "secrets": {"api_key": SECRET}}
    connection = send(client, "POST", "connections", given)
    send(client, "PATCH", f"connections/{connection['id']}", {"secrets": {"api_key": SECRET + "t"}})
    send(client, "DELETE", f"connections/{connection['id']}")
    key = send(client, "POST", "api-keys", {"name": "Site", "policies": ["execute"]})
    send(client, "DELETE", f"api-keys/{key['id']}")
    invitation = send(client, "POST", "invitations", {"role": "viewer"})
    send(client, "DELETE", f"invitations/{invitation['id']}")
    link = send(client, "POST", f"members/{editor.pk}/password-link")
    send(client, "PATCH", f"members/{editor.pk}", {"role": "viewer"})
    send(client, "DELETE", f"members/{editor.pk}")
    entries = client.get(PATH).json()["entries"][::-1]
    assert [entry["deed"] for entry in entries] == [
        *("session.began", "flow.created", "flow.saved", "flow.renamed", "flow.deleted"),
        *("connection.created", "connection.changed", "connection.deleted", "key.created", "key.revoked"),
        *("invitation.created", "invitation.revoked", "password.link_made", "member.role_changed", "member.removed"),
    ]
    assert {entry["actor"]["name"] for entry in entries} == {"Alice"}
    assert entries[3]["subject_name"] == "Night desk"
    assert (entries[6]["subject_name"], entries[6]["detail"]) == ("Main", "secrets")
    assert entries[13]["detail"] == "editor to viewer"
    held = str(list(AuditEntry.objects.values()))
    for secret in (SECRET, key["key"], invitation["url"].partition("#")[2], link["url"].partition("#")[2]):
        assert secret not in held


def test_saves_that_follow_each_other_are_one_entry(client: Client, workspace: Workspace, alice: User) -> None:
    flow = flows.create_flow(workspace.pk, "Desk")
    for revision in range(1, 4):
        graph = {"schema": 1, "nodes": [{"id": f"n{revision}", "action": "http.trigger", "position": {"x": 1, "y": 1}}]}
        flow = flows.save_graph(flow, flow.revision, graph, by=describe_person(alice))
    assert list_deeds(client, deed="flow.saved") == ["flow.saved"]
    assert client.get(PATH, {"deed": "flow.saved"}).json()["entries"][0]["detail"] == "from version 2 on"


def test_a_deed_that_fails_leaves_no_entry(client: Client, workspace: Workspace) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        flows.create_flow(workspace.pk, "Desk")
        raise RuntimeError
    assert "flow.created" not in list_deeds(client)
    connections.create(workspace.pk, "Main", "anthropic", {}, {})
    twice = client.post("/api/v1/connections", {"name": "Main", "kind": "anthropic"}, "application/json")
    assert twice.status_code == 422
    assert list_deeds(client, deed="connection.created") == ["connection.created"]


def test_an_entry_without_its_transaction_is_refused(workspace: Workspace) -> None:
    with pytest.raises(RuntimeError, match="outside of a transaction"):
        record(workspace.pk, SERVER, "flow.deleted", Subject("x", "Desk"))
    assert not AuditEntry.objects.exists()


def test_no_entry_can_be_changed_or_deleted(client: Client, workspace: Workspace) -> None:
    entry = AuditEntry.objects.get()
    entry.detail = "another"
    for attempt in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(detail="another"),
        lambda: AuditEntry.objects.bulk_update([entry], ["detail"]),
    ):
        with pytest.raises(TypeError, match="only added to"):
            attempt()
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert client.generic(method, PATH, "{}", content_type="application/json").status_code == 405
    workspace.delete()
    assert not AuditEntry.objects.exists()


def test_a_key_is_named_as_who_did_it(client: Client, workspace: Workspace, alice: User) -> None:
    row, key = keys.issue_key(workspace, alice, name="Deploy", policies=["configure"])
    answer = Client().post(
        "/api/v1/flows", {"name": "x"}, "application/json", headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.status_code == 201
    (entry,) = client.get(PATH, {"person": str(row.pk)}).json()["entries"]
    assert entry["actor"] == {"kind": "key", "id": str(row.pk), "name": "API key Deploy"}


def fill(workspace: Workspace, count: int, actor: User) -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    who = {"actor_kind": "person", "actor_id": actor.pk, "actor_name": "Alice"}
    AuditEntry.objects.bulk_create(
        AuditEntry(
            workspace=workspace, at=begin + timedelta(seconds=n // 2), deed=["flow.saved", "key.created"][n % 2], **who
        )
        for n in range(count)
    )


def test_pages_give_each_entry_once_also_while_others_come(client: Client, workspace: Workspace, alice: User) -> None:
    fill(workspace, 25, alice)
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = client.get(PATH, {"limit": "4", "until": "2026-06-01T00:00:00Z", **({"after": after} if after else {})})
        seen += [entry["id"] for entry in page.json()["entries"]]
        after = page.json()["next"]
        send(client, "POST", "flows", {"name": f"Flow {len(seen)}"})
    assert len(seen) == len(set(seen)) == 25


def test_entries_are_found_by_person_kind_and_time(
    client: Client, workspace: Workspace, alice: User, editor: User, editors_client: Client
) -> None:
    fill(workspace, 10, alice)
    assert list_deeds(client, person=str(editor.pk)) == ["session.began"]
    assert list_deeds(client, person=str(editor.pk), deed="flow.saved") == []
    span = {"since": "2026-01-01T00:00:01Z", "until": "2026-01-01T01:00:03+01:00"}
    assert list_deeds(client, **span) == ["key.created", "flow.saved"] * 2
    assert list_deeds(client, deed="key.created", **span) == ["key.created"] * 2


@pytest.mark.parametrize(
    "query",
    [{"person": "x"}, {"deed": "x"}, {"since": "x"}, {"until": "0001-01-01T00:00:00+23:59"}, {"after": "1-x"}],
)
def test_a_filter_that_is_none_is_refused(client: Client, query: dict[str, str]) -> None:
    answer = client.get(PATH, query)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, next(iter(query)))


def test_another_workspace_has_a_log_of_its_own(client: Client, bobs_client: Client) -> None:
    send(client, "POST", "flows", {"name": "Desk"})
    assert list_deeds(bobs_client) == ["session.began"]
    assert export(bobs_client, "jsonl").count(b"\n") == 2


def export(client: Client, form: str, **query: str) -> bytes:
    """Return the whole export, as the server streams it."""
    browser = AsyncClient()
    browser.cookies = client.cookies

    async def read() -> bytes:
        answer: Any = await browser.get(f"{PATH}/export", {"format": form, **query})
        assert answer.status_code == 200
        return b"".join([part async for part in answer.streaming_content])

    return async_to_sync(read)()


def test_an_export_holds_every_entry_and_is_one(client: Client, workspace: Workspace, alice: User) -> None:
    fill(workspace, 1_201, alice)
    lines = [json.loads(line) for line in export(client, "jsonl").splitlines()]
    assert len(lines) == 1_203
    assert (lines[0]["deed"], lines[0]["detail"], lines[0]["actor"]) == ("audit.exported", "jsonl", "Alice")
    rows = list(csv.DictReader(io.StringIO(export(client, "csv", deed="flow.saved").decode())))
    assert len(rows) == 601
    assert rows[0]["at"] > rows[-1]["at"]


def test_an_export_ends_when_the_admin_is_one_no_more(client: Client, workspace: Workspace, alice: User) -> None:
    fill(workspace, 1_201, alice)
    browser = AsyncClient()
    browser.cookies = client.cookies

    async def read() -> None:
        answer: Any = await browser.get(f"{PATH}/export", {"format": "jsonl"})
        parts = aiter(answer.streaming_content)
        assert await anext(parts)
        await Membership.objects.filter(user=alice).aupdate(role=Role.VIEWER)
        with pytest.raises(ConnectionAbortedError):
            await anext(parts)

    async_to_sync(read)()


def test_a_name_is_no_formula_in_a_table(client: Client) -> None:
    send(client, "POST", "flows", {"name": '=HYPERLINK("https://evil.example")'})
    rows = list(csv.DictReader(io.StringIO(export(client, "csv", deed="flow.created").decode())))
    assert rows[0]["subject"] == '\'=HYPERLINK("https://evil.example")'


def test_a_page_of_a_long_log_reads_no_more_than_it_shows(workspace: Workspace, alice: User) -> None:
    fill(workspace, 5_000, alice)
    for sought in (AuditFilter(workspace.pk), AuditFilter(workspace.pk, deed="key.created")):
        _, after = find_entries(sought, None, 50)
        assert after is not None
        plan = explain(sought)
        assert "USE TEMP B-TREE" not in plan
        assert "SCAN" not in plan


def explain(sought: AuditFilter) -> str:
    from workspaces.audit.search import _filter_rows

    return _filter_rows(sought).order_by("-at", "-id")[:50].explain()
