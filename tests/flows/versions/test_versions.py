"""Every save is a version, which can be listed, named, compared, restored, published and rolled back to."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from pydantic_core import to_json

from connections import services as connections
from flows import services
from flows.models import Flow, FlowVersion, Publication, Run
from flows.versions import keep, listing, publish
from flows.versions.compare import compare_graphs
from tests.flows.scripted import graph, node, path, trigger
from tests.flows.versions.published import create_flow, draw, draw_call, read_error
from tests.flows.versions.published import publish as publish_over_rest
from web.process_id import PROCESS_ID
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def list_numbers(flow: Flow) -> list[int]:
    return list(FlowVersion.objects.filter(flow=flow).order_by("revision").values_list("revision", flat=True))


def read_list(client: Client, flow: Flow, query: str = "") -> Any:
    return client.get(f"/api/v1/flows/{flow.pk}/versions{query}").json()


def test_each_save_of_a_changed_graph_is_a_version_of_its_author(client: Client) -> None:
    made = client.post("/api/v1/flows", {"name": "Answer", "graph": draw("one")}, "application/json").json()
    url = f"/api/v1/flows/{made['id']}/graph"
    for graph_sent in (draw("two"), draw("two")):
        assert client.put(url, {"revision": 1, "graph": graph_sent}, "application/json").status_code == 200
    rows = client.get(f"/api/v1/flows/{made['id']}/versions").json()["versions"]
    assert [(row["number"], row["author"], row["is_draft"]) for row in rows] == [
        (2, "Alice", True),
        (1, "Alice", False),
    ]
    first = client.get(f"/api/v1/flows/{made['id']}/versions/1").json()
    assert first["graph"]["nodes"][1]["properties"] == {"value": "one"}


def test_the_list_comes_in_pages(client: Client, workspace: Workspace) -> None:
    flow = create_flow(workspace, *"abcde")
    page = read_list(client, flow, "?limit=3")
    assert ([row["number"] for row in page["versions"]], page["next"]) == ([5, 4, 3], 3)
    rest = read_list(client, flow, "?limit=3&before=3")
    assert ([row["number"] for row in rest["versions"]], rest["next"]) == ([2, 1], None)


def test_old_versions_are_dropped_but_those_that_are_needed(
    client: Client, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keep, "MAX_KEPT_VERSIONS", 2)
    flow = create_flow(workspace, "a")
    publish_over_rest(client, flow, 1)
    for number, value in enumerate("bcdefg", start=2):
        flow = services.save_graph(flow, flow.revision, draw(value))
        if number == 2:
            client.patch(f"/api/v1/flows/{flow.pk}/versions/2", {"name": "Good"}, "application/json")
        if number == 3:
            version = FlowVersion.objects.get(flow=flow, revision=3)
            Run.objects.create(workspace=workspace, flow=flow, version=version, worker=PROCESS_ID, status="completed")
    assert list_numbers(flow) == [1, 2, 3, 6, 7]


def test_large_versions_are_dropped_sooner(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep, "MAX_KEPT_BYTES", 5_000)
    flow = create_flow(workspace, *(letter * 2_000 for letter in "abcd"))
    assert list_numbers(flow) == [3, 4]


def test_a_name_is_given_and_taken_away(client: Client, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MAX_NAMED_VERSIONS", 1)
    flow = create_flow(workspace, "a", "b")
    url = f"/api/v1/flows/{flow.pk}/versions"
    named = client.patch(f"{url}/1", {"name": "First", "note": "Before the review"}, "application/json").json()
    assert (named["name"], named["note"]) == ("First", "Before the review")
    assert read_error(client.patch(f"{url}/2", {"name": "B"}, "application/json")) == (409, "limit_named_versions")
    assert client.patch(f"{url}/1", {"name": ""}, "application/json").json()["note"] == "Before the review"
    assert client.patch(f"{url}/2", {"name": "B"}, "application/json").status_code == 200


@pytest.mark.parametrize("number", [0, 3, 2**31, 10**30])
def test_there_is_no_version_of_a_number_that_was_not_saved(client: Client, workspace: Workspace, number: int) -> None:
    flow = create_flow(workspace, "a", "b")
    url = f"/api/v1/flows/{flow.pk}/versions/{number}"
    calls = [client.get(url), client.get(f"{url}/comparison"), publish_over_rest(client, flow, number)]
    calls += [client.post(f"{url}/restore", {"revision": 2}, "application/json")]
    assert {answer.status_code for answer in calls} == {404}


def test_a_comparison_tells_what_was_added_removed_changed_and_moved(client: Client, workspace: Workspace) -> None:
    flow = create_flow(workspace, "old")
    give = node("give", "control.yield_return", value="new")
    log = node("log", "control.log", text="x")
    moved = {**trigger(), "position": {"x": 50.0, "y": 0.0}}
    changed = graph([moved, give, log], path("trigger", "give", "log"))
    changed["notes"] = [{"id": "n", "text": "Why", "position": {"x": 0, "y": 0}}]
    services.save_graph(flow, 1, changed)
    found = client.get(f"/api/v1/flows/{flow.pk}/versions/1/comparison").json()
    kinds = {change["id"]: (change["kind"], change["properties"]) for change in found["nodes"]}
    assert kinds == {
        "trigger": ("moved", []),
        "give": ("changed", [{"name": "value", "before": "old", "after": "new"}]),
        "log": ("added", []),
    }
    assert [(edge["change"], edge["source"], edge["target"]) for edge in found["edges"]] == [("added", "give", "log")]
    assert [(note["kind"], note["before"], note["after"]) for note in found["notes"]] == [("added", None, "Why")]
    back = client.get(f"/api/v1/flows/{flow.pk}/versions/2/comparison?to=1").json()
    assert (back["old"], back["new"]) == (2, 1)
    assert {change["id"]: change["kind"] for change in back["nodes"]}["log"] == "removed"


def test_an_edge_that_joins_the_same_is_the_same_and_another_action_is_another_node() -> None:
    before, after = draw("x"), draw("x")
    after["edges"][0]["id"] = "another"
    assert compare_graphs(before, after) == {"nodes": [], "edges": [], "notes": []}
    after["nodes"][1] |= {"action": "control.return"}
    kinds = [(change["action"], change["kind"]) for change in compare_graphs(before, after)["nodes"]]
    assert kinds == [("control.yield_return", "removed"), ("control.return", "added")]


def test_an_old_version_becomes_the_draft_and_a_new_version(client: Client, workspace: Workspace) -> None:
    flow = create_flow(workspace, "a", "b")
    url = f"/api/v1/flows/{flow.pk}/versions/1/restore"
    assert read_error(client.post(url, {"revision": 1}, "application/json")) == (409, "version_conflict")
    restored = client.post(url, {"revision": 2}, "application/json").json()
    assert (restored["revision"], restored["graph"]["nodes"][1]["properties"]["value"]) == (3, "a")
    assert list_numbers(flow) == [1, 2, 3]


def test_a_restored_version_whose_connection_is_gone_tells_so(client: Client, workspace: Workspace) -> None:
    row = connections.create(workspace.pk, "Main", "anthropic", {}, {"api_key": "k" * 20})
    ask = node("ask", "anthropic.chat_completion", connection=str(row.pk), model_id="m", user_prompt="Hi")
    flow = services.create_flow(workspace.pk, "Ask", "", graph([trigger(), ask], path("trigger", "ask")))
    services.save_graph(flow, 1, draw("a"))
    connections.delete(row)
    restored = client.post(f"/api/v1/flows/{flow.pk}/versions/1/restore", {"revision": 2}, "application/json").json()
    assert [problem["code"] for problem in restored["analysis"]["problems"]] == ["unknown_connection"]
    assert read_error(publish_over_rest(client, flow, 1)) == (422, "flow_has_problems")
    assert not Publication.objects.exists()


def test_a_version_is_published_with_a_note_and_rolled_back(client: Client, workspace: Workspace) -> None:
    flow = create_flow(workspace, "a", "b", "c")
    url = f"/api/v1/flows/{flow.pk}/versions/rollback"
    back = {"environment": "production"}
    assert read_error(client.post(url, back, "application/json")) == (409, "not_published")
    for number in (1, 2, 3, 3):
        published = publish_over_rest(client, flow, number, note=f"Number {number}").json()
        assert published["published"] == {"production": number, "test": None}
    assert Publication.objects.count() == 3
    assert client.post(url, back, "application/json").json()["published"]["production"] == 2
    assert client.post(url, back, "application/json").json()["published"]["production"] == 1
    assert read_error(client.post(url, back, "application/json")) == (409, "nothing_earlier")
    row = read_list(client, flow)["versions"][2]
    told = [(each["environment"], each["note"], each["is_current"]) for each in row["publications"]]
    assert told == [("production", "", True), ("production", "Number 1", False)]
    assert Flow.objects.get().revision == 3


def test_publications_are_forgotten_but_the_newest(
    client: Client, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "MAX_PUBLICATIONS", 2)
    flow = create_flow(workspace, "a", "b")
    for number in (1, 2, 1, 2, 1):
        publish_over_rest(client, flow, number)
    assert list(Publication.objects.order_by("id").values_list("version__revision", flat=True)) == [2, 1]


def test_problems_refuse_a_publication_and_are_listed(client: Client, workspace: Workspace) -> None:
    flow = services.create_flow(
        workspace.pk, "Broken", "", graph([trigger(), node("give", "control.yield_return")], [])
    )
    answer = publish_over_rest(client, flow, 1)
    assert read_error(answer) == (422, "flow_has_problems")
    assert answer.json()["error"]["problems"]
    assert not Publication.objects.exists()
    assert read_error(publish_over_rest(client, flow, 1, "development"))[0] == 422


def test_a_flow_is_published_after_those_that_it_calls(client: Client, workspace: Workspace) -> None:
    called = create_flow(workspace, "a")
    calling = services.create_flow(workspace.pk, "Calling", "", draw_call(called))
    refused = publish_over_rest(client, calling, 1)
    assert read_error(refused) == (422, "flow_has_problems")
    (problem,) = refused.json()["error"]["problems"]
    assert (problem["code"], problem["node"]) == ("called_flow_not_published", "call_0")
    publish_over_rest(client, called, 1)
    assert publish_over_rest(client, calling, 1).status_code == 200
    assert read_error(publish_over_rest(client, calling, 1, "test")) == (422, "flow_has_problems")


def test_two_flows_that_call_each_other_are_published_one_after_the_other(client: Client, workspace: Workspace) -> None:
    first, second = create_flow(workspace, "a"), create_flow(workspace, "b")
    services.save_graph(first, 1, draw_call(second))
    services.save_graph(second, 1, draw_call(first))
    assert [publish_over_rest(client, flow, 2).status_code for flow in (first, second)] == [200, 200]


def test_what_a_published_version_uses_is_not_deleted(client: Client, workspace: Workspace) -> None:
    called = create_flow(workspace, "a")
    calling = services.create_flow(workspace.pk, "Calling", "", draw_call(called))
    for flow in (called, calling):
        publish_over_rest(client, flow, 1)
    services.save_graph(calling, 1, draw("alone"))
    listed = {row["id"]: row["used_by"] for row in client.get("/api/v1/flows").json()["flows"]}
    assert [user["name"] for user in listed[str(called.pk)]] == ["Calling"]
    refused = client.delete(f"/api/v1/flows/{called.pk}")
    assert read_error(refused) == (409, "flow_in_use")
    assert "'Calling (version 1)'" in refused.json()["error"]["message"]
    publish_over_rest(client, calling, 2)
    assert client.delete(f"/api/v1/flows/{called.pk}").status_code == 204


def test_a_version_of_another_workspace_does_not_exist(bobs_client: Client, workspace: Workspace) -> None:
    flow = create_flow(workspace, "a")
    assert publish_over_rest(bobs_client, flow, 1).status_code == 404
    assert bobs_client.get(f"/api/v1/flows/{flow.pk}/versions/1").status_code == 404


def test_the_upgrade_publishes_every_flow_that_is_drawn_as_it_is(workspace: Workspace) -> None:
    flow, empty = create_flow(workspace, "a", "b"), services.create_flow(workspace.pk, "Empty")
    FlowVersion.objects.filter(flow=flow, revision=2).delete()
    FlowVersion.objects.update(stored_bytes=0)
    migration = import_module("flows.migrations.0014_versions_and_environments")
    migration.measure_versions(apps, None)
    migration.publish_drafts(apps, None)
    flow.refresh_from_db()
    empty.refresh_from_db()
    assert (flow.production_revision, flow.test_revision, empty.production_revision) == (2, None, None)
    published = Publication.objects.get().version
    assert (published.graph, published.stored_bytes) == (flow.graph, len(to_json(flow.graph)))
