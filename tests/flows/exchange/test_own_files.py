"""Millrace's own files: a flow leaves with those that it calls, without secrets, and comes back the same."""

import json
from typing import Any

import pytest
from django.test import Client
from pydantic import ValidationError

from connections import services as connections
from document_collections import services as collections
from flows import services
from flows.exchange.flow_file import FlowFile
from flows.models import Flow
from tests.flows.scripted import graph, node, path
from tests.json_api import read_refusal, send_json
from workspaces import keys
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db

API = "/api/v1/flows"


def build_called() -> dict[str, Any]:
    return graph(
        [node("trigger", "chat.completion_trigger"), node("say", "control.return", value="Done")],
        path("trigger", "say"),
    )


def build_calling(called: str, connection: str, collection: str) -> dict[str, Any]:
    headers = {
        "Authorization": "Bearer sk-of-a-builder",
        "Accept": "text/html",
        "Cookie": "{{ chatCompletionRequest.context.c }}",
    }
    model = {"connection": connection, "model_id": "claude-haiku-5-5", "user_prompt": "{{ searchResult }}"}
    nodes = [
        node("trigger", "chat.completion_trigger"),
        node("search", "vectors.search_vectors", collection=collection, search_text="x"),
        node("load", "http.request", url="https://example.com", headers=headers),
        node("call", "control.run_flow", flow=called),
        node("answer", "anthropic.chat_completion", title="Answerer", **model),
    ]
    return graph(nodes, path("trigger", "search", "load", "call", "answer"))


@pytest.fixture
def flow(workspace: Workspace) -> Flow:
    called = services.create_flow(workspace.pk, "Called", "", build_called())
    connection = connections.create(workspace.pk, "Main", "anthropic", {}, {"api_key": "sk-ant-secret-123"})
    collection = collections.create(workspace.pk, "Manuals", "", None)
    ids = [str(row.pk) for row in (called, connection, collection)]
    return services.create_flow(workspace.pk, "Calling", "Calls another", build_calling(*ids))


def export(client: Client, flow: Flow) -> dict[str, Any]:
    response = client.get(f"{API}/{flow.pk}/export")
    assert response.status_code == 200, response.content
    document: dict[str, Any] = response.json()
    return document


def check(client: Client, document: Any) -> Any:
    return send_json(client, "POST", f"{API}/import/check", {"content": json.dumps(document)})


def bring_in(client: Client, document: Any, choices: dict[str, str] | None = None) -> Any:
    body = {"content": json.dumps(document), "choices": choices or {}}
    return send_json(client, "POST", f"{API}/import", body)


def test_a_file_holds_the_called_flow_and_nothing_of_the_workspace(client: Client, flow: Flow) -> None:
    document = export(client, flow)
    assert (document["format"], document["version"]) == ("millrace.flows", 1)
    assert [each["name"] for each in document["flows"]] == ["Calling", "Called"]
    text = json.dumps(document)
    for row in (*Flow.objects.all(), *connections.list_connections(flow.workspace_id)):
        assert str(row.pk) not in text
    assert "secret" not in text.replace('"type": "secret"', "") and "sk-of-a-builder" not in text
    asked = {(each["type"], each["kind"], each["name"]) for each in document["placeholders"]}
    assert asked == {
        ("connection", "anthropic", "Main"),
        ("collection", None, "Manuals"),
        ("secret", None, "Authorization"),
    }
    properties = {each["id"]: each["properties"] for each in document["flows"][0]["graph"]["nodes"]}
    assert properties["call"] == {"flow": "flow_2"}
    assert list(properties["load"]["headers"]) == ["Accept", "Cookie"]  # a value of each run is no secret


def test_a_file_that_comes_back_with_the_same_choices_is_the_same_flow(client: Client, flow: Flow) -> None:
    document = export(client, flow)
    review = check(client, document).json()
    assert [each["suggested"] is not None for each in review["placeholders"] if each["type"] != "secret"] == [
        True,
        True,
    ]
    choices = {each["id"]: each["suggested"] or "Bearer sk-of-a-builder" for each in review["placeholders"]}
    answer = bring_in(client, document, choices)
    assert answer.status_code == 201, answer.content
    first, second = (Flow.objects.get(pk=each["id"]) for each in answer.json()["flows"])
    old_call, new_call = (next(n for n in each.graph["nodes"] if n["id"] == "call") for each in (flow, first))
    assert new_call["properties"]["flow"] == str(second.pk) != old_call["properties"]["flow"]
    new_call["properties"]["flow"] = old_call["properties"]["flow"]
    assert first.graph == flow.graph


SECRET = "sk-live-123"
WRITTEN: list[dict[str, Any]] = [
    {"headers": {"Authorization": {"expression": f'"Bearer {SECRET}"'}}},
    {"headers": {"expression": f'{{"Accept": "a", "Authorization": "Bearer {SECRET}"}}'}},
    {"headers": {"expression": f"{{'''Authorization''': (loud ? 'Bearer ' : '') + r'{SECRET}'}}"}},
    {"headers": {"Authorization": [f"Bearer {SECRET}"]}},
    {"headers": {"Authorization": f"Bearer {SECRET}{{{{ request.x }}}}"}},
    {"headers": {"Authorization": f"{{{{ '{SECRET}' }}}}"}},
    {"body": {"password": {"value": SECRET}}},
    {"body": {"password": {"expression": "request.x", "value": SECRET}}},
    {"body": {"list": ["kept", {"expression": f'{{"x": {{"api_key": "{SECRET}"}}}}'}]}},
    {"body": {"inner": f"x {{{{ {{'password': '{SECRET}'}} }}}}"}},
    {"body": {"inner": f"It's {{{{ {{'a': r'\\', 'password': '{SECRET}'}} }}}}"}},
    {"body": {"inner": f"Not closed: {{{{ {{'password': '{SECRET}'"}},
    {"body": {"": {"password": SECRET}}},
    {"body": {"properties": {"password": {"type": "string", "default": SECRET}}}},
]
KEPT: list[dict[str, Any]] = [
    {"headers": {"Authorization": "{{ request.headers.x }}", "Cookie": {"expression": "request.cookies[0]"}}},
    {"headers": {"expression": '{"Authorization": request.token, "Accept": "text/html"}'}},
    {"headers": {"Authorization": ["{{ request.token }}", ""], "password": None, "Cookie": {}}},
    {"body": {"properties": {"password": {"type": "string", "minLength": 8}}, "required": ["password"]}},
    {"body": {"note": 'The "password": "x" is no expression {{ request.x }}'}},
    {"body": {"expression": '{"password": has(request.x) ? [request.x][0] : "", "user": "x"}'}},
]


def create_calling(workspace: Workspace, properties: dict[str, Any]) -> Flow:
    return services.create_flow(workspace.pk, "Calls", "", graph([node("n", "http.request", **properties)], []))


@pytest.mark.parametrize("properties", WRITTEN)
def test_no_form_of_a_written_secret_leaves_and_a_text_comes_in_its_place(
    client: Client, workspace: Workspace, properties: dict[str, Any]
) -> None:
    document = export(client, create_calling(workspace, properties))
    assert SECRET not in json.dumps(document)
    (asked,) = document["placeholders"]
    assert asked["type"] == "secret"
    answer = bring_in(client, document, {asked["id"]: "given"})
    assert answer.status_code == 201, answer.content
    back = Flow.objects.get(pk=answer.json()["flows"][0]["id"]).graph["nodes"][0]["properties"]
    for key in asked["uses"][0]["path"]:
        back = back[key]
    assert back == "given"


@pytest.mark.parametrize("properties", KEPT)
def test_what_only_refers_to_values_of_a_run_stays_in_the_file(
    client: Client, workspace: Workspace, properties: dict[str, Any]
) -> None:
    document = export(client, create_calling(workspace, properties))
    assert document["placeholders"] == []
    assert document["flows"][0]["graph"]["nodes"][0]["properties"] == properties


def test_flows_that_call_each_other_come_back_so(client: Client, workspace: Workspace) -> None:
    one = services.create_flow(workspace.pk, "One")
    other = services.create_flow(
        workspace.pk, "Other", "", graph([node("c", "control.run_flow", flow=str(one.pk))], [])
    )
    services.save_graph(one, 1, graph([node("c", "control.run_flow", flow=str(other.pk))], []))
    first, second = bring_in(client, export(client, one)).json()["flows"]
    called = Flow.objects.get(pk=first["id"]).graph["nodes"][0]["properties"]["flow"]
    back = Flow.objects.get(pk=second["id"]).graph["nodes"][0]["properties"]["flow"]
    assert (called, back) == (second["id"], first["id"])


def test_a_check_says_what_comes_and_changes_nothing(client: Client, flow: Flow, other_workspace: Workspace) -> None:
    document, before = export(client, flow), Flow.objects.count()
    review = check(client, document).json()
    assert Flow.objects.count() == before
    assert [(each["name"], each["node_count"]) for each in review["flows"]] == [("Calling", 5), ("Called", 2)]
    assert [each["problem_count"] for each in review["flows"]] == [0, 0]
    assert review["warnings"] == [
        "There is a flow 'Called' already; the import adds another one.",
        "There is a flow 'Calling' already; the import adds another one.",
    ]
    asked = next(each for each in review["placeholders"] if each["type"] == "connection")
    assert asked["title"] == "Anthropic connection"
    assert asked["used_by"] == ["Answerer: Connection"]
    assert [choice["name"] for choice in asked["choices"]] == ["Main"]


def test_in_another_workspace_nothing_of_this_one_is_offered(client: Client, bobs_client: Client, flow: Flow) -> None:
    document = export(client, flow)
    review = check(bobs_client, document).json()
    assert [each["choices"] for each in review["placeholders"]] == [[], [], None]
    mine = str(connections.list_connections(flow.workspace_id).get().pk)
    refused = bring_in(bobs_client, document, {document["placeholders"][0]["id"]: mine})
    assert read_refusal(refused)[:2] == (422, "unknown_choice")
    answer = bring_in(bobs_client, document)
    nodes = Flow.objects.get(pk=answer.json()["flows"][0]["id"]).graph["nodes"]
    assert "connection" not in nodes[-1]["properties"]  # left open: the editor asks for it


def test_a_refused_import_leaves_nothing_behind(client: Client, flow: Flow) -> None:
    document, before = export(client, flow), Flow.objects.count()
    document["placeholders"][0]["uses"][0]["path"] = ["title"]
    assert read_refusal(bring_in(client, document)) == (422, "invalid_file", "content")
    document = export(client, flow)
    document["placeholders"][-1]["uses"][0]["path"] = ["url", "x", "y"]
    assert read_refusal(bring_in(client, document, {document["placeholders"][-1]["id"]: "x"}))[:2] == (
        422,
        "invalid_file",
    )
    assert Flow.objects.count() == before


def test_a_file_of_a_later_version_and_one_made_by_hand_are_told_apart(client: Client, flow: Flow) -> None:
    document = export(client, flow)
    later = check(client, {**document, "version": 2, "of the future": {}})
    assert read_refusal(later) == (422, "newer_file", "version")
    assert "reads versions up to 1" in later.json()["error"]["message"]
    by_hand = check(client, {**document, "of the future": {}})
    assert read_refusal(by_hand) == (422, "invalid_file", "of the future")


def test_the_answer_of_the_api_for_one_flow_is_an_older_file(client: Client, flow: Flow) -> None:
    kept = client.get(f"{API}/{flow.pk}").json()
    review = check(client, kept).json()
    assert (review["tool"], review["version"], review["flows"][0]["name"]) == ("Millrace", "0", "Calling")
    answer = bring_in(client, kept).json()["flows"][0]
    assert Flow.objects.get(pk=answer["id"]).graph == flow.graph


def test_too_much_is_refused_before_it_costs(client: Client) -> None:
    nodes = [node(f"n{number}", "control.log", message="x") for number in range(500)]
    flows = [{"id": f"f{number}", "name": "Many", "graph": graph(nodes, [])} for number in range(5)]
    document = {"format": "millrace.flows", "version": 1, "flows": flows}
    assert read_refusal(check(client, document)) == (413, "file_too_large", "content")
    huge = send_json(client, "POST", f"{API}/import/check", {"content": "x" * (5 * 1024 * 1024 + 1)})
    assert huge.status_code == 413


def test_a_key_for_certain_flows_exports_no_other_through_a_flow_that_calls_it(
    flow: Flow, workspace: Workspace
) -> None:
    _, key = keys.issue_key(workspace, None, name="k", policies=["configure"], flows=[str(flow.pk)])
    answer = Client().get(f"{API}/{flow.pk}/export", headers={"Authorization": f"Bearer {key}"})
    assert read_refusal(answer)[:2] == (403, "not_allowed")


def test_names_of_a_file_hold_no_deceptive_characters(client: Client) -> None:
    document = {"format": "millrace.flows", "version": 1, "flows": [{"id": "f", "name": "Mill\u202e\n x", "graph": {}}]}
    assert bring_in(client, document).json()["flows"][0]["name"] == "Mill x"


def build_file(**parts: Any) -> dict[str, Any]:
    flow = {"id": "f", "name": "F", "graph": {}}
    return {"format": "millrace.flows", "version": 1, "flows": [flow], **parts}


NAMES = {f"n{number}": 1 for number in range(1_001)}


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (build_file(**NAMES), "content"),
        (build_file(flows=[{"id": "f", "name": "F", "graph": NAMES}]), "flows.0.graph"),
        (build_file(flows=[{"id": "f", "name": "F", "graph": {"nodes": [{"properties": NAMES}]}}]), None),
        ({"name": "Answer", "graph": {"notes": [NAMES]}}, "graph.notes.0"),
    ],
)
def test_an_object_of_too_many_names_is_refused_before_each_is_judged(
    client: Client, document: dict[str, Any], field: str | None
) -> None:
    refused = check(client, document)
    assert read_refusal(refused)[2] == (field or "flows.0.graph.nodes.0.properties")
    assert "more than 1,000 names" in refused.json()["error"]["message"]


@pytest.mark.parametrize(
    "parts",
    [
        {"placeholders": [{"id": "a", "type": "x", "name": "n", "uses": [{}] * 1_000}] * 200},
        {"flows": [{"id": "f", "name": "F", "graph": {"edges": [{}] * 2_000, "nodes": [{}] * 500}}] * 50},
    ],
)
def test_of_a_list_only_the_first_wrong_part_is_judged(parts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        FlowFile.model_validate(build_file(**parts))
    assert refused.value.error_count() < 20


def test_what_a_property_holds_may_have_many_names(client: Client) -> None:
    nodes = [node("n", "http.request", body={"properties": NAMES})]
    document = build_file(flows=[{"id": "f", "name": "F", "graph": graph(nodes, [])}])
    assert check(client, document).status_code == 200
