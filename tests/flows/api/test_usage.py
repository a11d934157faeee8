"""Usage and prices over REST: the figures, who may see the keys, and prices that an admin sets."""

from typing import Any

import pytest
from django.test import Client

from flows import services
from flows.events.model_tokens import ModelTokens
from flows.models import Flow, UsageOfDay
from tests.flows.scripted import graph, node
from tests.flows.usage.counting import count_all
from tests.flows.usage.finished_runs import create_finished_run
from web.database import close_pool_connections
from workspaces import keys
from workspaces.audit.record import SERVER
from workspaces.models import AuditEntry, Workspace

pytestmark = pytest.mark.django_db(transaction=True)
DAYS = {"from": "2026-11-19", "to": "2026-11-21"}
TOKENS = ModelTokens("claude-sonnet-5-5", "usual", 1, 1_000_000, 100_000)
UNPRICED = ModelTokens("a-model", "usual", 1, 10)


@pytest.fixture
def flow(workspace: Workspace) -> Flow:
    return services.create_flow(workspace.pk, "Desk", "", graph([node("t", "http.trigger")], []))


def read(client: Client, **query: str) -> Any:
    answer = client.get("/api/v1/usage", {**DAYS, **query})
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_usage_is_told_by_day_flow_version_key_and_model(client: Client, workspace: Workspace, flow: Flow) -> None:
    key, _ = keys.issue_key(workspace, None, name="Site", policies=["execute"])
    create_finished_run(flow, TOKENS, UNPRICED, owner=f"key:{key.pk}", first_item_ms=400)
    create_finished_run(flow, status="failed")
    count_all()
    usage = read(client)
    assert [(day["day"], day["runs"]) for day in usage["days"]] == [
        *(("2026-11-19", 0), ("2026-11-20", 2), ("2026-11-21", 0)),
    ]
    total = usage["total"]
    assert (total["runs"], total["failed"], total["cost"], total["unpriced"]) == (2, 1, 3.0, ["a-model"])
    assert total["first_chunk_p50_ms"] == pytest.approx(400, rel=0.05)
    assert [(row["name"], row["number"], row["runs"]) for row in usage["versions"]] == [("Desk", 1, 2)]
    assert {row["name"]: row["runs"] for row in usage["keys"]} == {"Site": 1, "Members of the workspace": 1}
    assert [(row["model"], row["cost"], row["unpriced"]) for row in usage["models"]] == [
        *(("claude-sonnet-5-5", 3.0, []), ("a-model", 0, ["input"])),
    ]
    assert read(client, key=str(key.pk))["total"]["runs"] == read(client, key="none")["total"]["runs"] == 1


def test_visitors_and_schedules_are_no_members(client: Client, flow: Flow) -> None:
    for owner in ("visitor:1", "visitor:2", "schedule:3"):
        create_finished_run(flow, owner=owner)
    rows = read(client)["keys"]
    assert [(row["caller"], row["key"], row["name"], row["runs"]) for row in rows] == [
        *(("visitor", None, "Visitors of chat pages", 2), ("schedule", None, "Schedules", 1)),
    ]
    assert read(client, caller="schedule")["total"]["runs"] == 1
    assert read(client, caller="member")["total"]["runs"] == 0


def test_days_that_told_no_kinds_apart_say_so(client: Client, flow: Flow) -> None:
    create_finished_run(flow)
    count_all()
    UsageOfDay.objects.update(caller="")
    (row,) = read(client)["keys"]
    assert (row["caller"], row["name"]) == (None, "Without an API key, before kinds were told apart")


def test_a_kind_of_caller_that_there_is_not_is_refused(client: Client) -> None:
    refused = client.get("/api/v1/usage", {"caller": "nobody"})
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, "caller")


def test_what_is_gone_keeps_its_name(client: Client, workspace: Workspace, flow: Flow) -> None:
    key, _ = keys.issue_key(workspace, None, name="Site", policies=["execute"])
    create_finished_run(flow, owner=f"key:{key.pk}")
    keys.revoke_key(workspace.pk, key.pk, SERVER)
    services.delete_flow(flow)
    usage = read(client)
    assert [(row["name"], row["exists"]) for row in (*usage["flows"], *usage["keys"])] == [
        *(("Desk", False), ("Site", False)),
    ]


def test_members_see_usage_but_only_admins_see_keys(viewers_client: Client, flow: Flow) -> None:
    create_finished_run(flow)
    usage = read(viewers_client)
    assert (usage["total"]["runs"], usage["keys"]) == (1, None)
    for sought in ({"key": "none"}, {"caller": "member"}):
        refused = viewers_client.get("/api/v1/usage", sought)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_allowed")


def test_usage_of_another_workspace_is_not_seen(bobs_client: Client, flow: Flow) -> None:
    create_finished_run(flow, TOKENS)
    usage = read(bobs_client, flow=str(flow.pk))
    assert (usage["total"]["runs"], usage["flows"], usage["models"]) == (0, [], [])


def test_a_key_for_another_flow_sees_nothing_of_this_one(workspace: Workspace, flow: Flow) -> None:
    another = services.create_flow(workspace.pk, "Other")
    _, text = keys.issue_key(workspace, None, name="k", policies=["configure"], flows=[str(another.pk)])
    create_finished_run(flow)
    headers = {"Authorization": f"Bearer {text}"}
    assert Client(headers=headers).get("/api/v1/usage", DAYS).json()["total"]["runs"] == 0
    assert Client(headers=headers).get("/api/v1/usage", {"flow": str(flow.pk)}).status_code == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [("from", "yesterday"), ("from", "20261101"), ("from", "2024-01-01"), ("from", "2026-12-30"), ("flow", "x")],
)
def test_a_parameter_that_makes_no_sense_is_refused(client: Client, name: str, value: str) -> None:
    answer = client.get("/api/v1/usage", {**DAYS, name: value})
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, name)


def test_an_admin_sets_and_removes_a_price(client: Client, viewers_client: Client, flow: Flow) -> None:
    create_finished_run(flow, UNPRICED._replace(input=1_000_000))
    given = {"model": "a-model", "since": "2026-11-20", "input": 1.5}
    assert viewers_client.post("/api/v1/prices", given, content_type="application/json").status_code == 403
    for input in (1.5, 2.5):  # the second of a day takes the place of the first
        answer = client.post("/api/v1/prices", {**given, "input": input}, content_type="application/json")
        assert answer.status_code == 201, answer.content
    assert (read(client)["total"]["cost"], read(client)["total"]["unpriced"]) == (2.5, [])
    listed = viewers_client.get("/api/v1/prices").json()
    assert (listed["prices"][0]["input"], listed["prices"][0]["output"]) == (2.5, None)
    assert listed["prices"][1]["id"] is None
    path = f"/api/v1/prices/{answer.json()['id']}"
    assert [client.delete(path).status_code for _ in range(2)] == [204, 404]
    assert read(client)["total"]["unpriced"] == ["a-model"]
    deeds = AuditEntry.objects.filter(deed__startswith="price.").order_by("id").values_list("deed", flat=True)
    assert list(deeds) == ["price.set", "price.set", "price.removed"]


def test_a_price_that_says_nothing_is_refused(client: Client) -> None:
    prices: tuple[Any, ...] = (-1, "", "1", True, 100_001)
    bad = ({"model": "m"}, {"model": "", "input": 1}, *({"model": "m", "input": price} for price in prices))
    for given in bad:
        answer = client.post("/api/v1/prices", given, content_type="application/json")
        assert answer.status_code == 422, answer.content


@pytest.fixture(autouse=True)
def closed_connections() -> Any:
    yield
    close_pool_connections()
