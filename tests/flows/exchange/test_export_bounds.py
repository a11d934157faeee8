"""What no file can hold is refused at the export with a sentence, not found out at the import."""

import json
from typing import Any

import pytest
from django.test import Client

from flows import services
from flows.models import Flow
from tests.flows.scripted import graph, node
from tests.json_api import read_refusal, send_json
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db

API = "/api/v1/flows"


def create(workspace: Workspace, name: str, *nodes: dict[str, Any]) -> Flow:
    return services.create_flow(workspace.pk, name, "", graph(list(nodes), []))


def refuse(client: Client, flow: Flow) -> tuple[int, str]:
    answer = client.get(f"{API}/{flow.pk}/export")
    error = answer.json()["error"]
    assert error["message"].endswith(".") and error["hint"]
    return answer.status_code, error["code"]


def write_call(number: int, secret: str) -> dict[str, Any]:
    return node(f"n{number}", "http.request", headers={"Authorization": secret})


def test_more_secrets_than_a_file_asks_for_are_refused(client: Client, workspace: Workspace) -> None:
    most = create(workspace, "Most", *(write_call(number, f"key {number}") for number in range(200)))
    document = client.get(f"{API}/{most.pk}/export").json()
    assert len(document["placeholders"]) == 200
    assert send_json(client, "POST", f"{API}/import", {"content": json.dumps(document)}).status_code == 201
    many = create(workspace, "Many", *(write_call(number, f"key {number}") for number in range(201)))
    assert refuse(client, many) == (409, "too_many_placeholders")


def test_one_secret_in_more_places_than_a_file_names_is_refused(client: Client, workspace: Workspace) -> None:
    passwords = [{"password": "one"} for _ in range(1_001)]
    flow = create(workspace, "Often", node("n", "http.request", body={"list": passwords}))
    assert refuse(client, flow) == (409, "too_many_uses")


def test_flows_with_more_nodes_than_an_import_takes_are_refused(client: Client, workspace: Workspace) -> None:
    nodes = [node(f"n{number}", "control.log", message="x") for number in range(499)]
    called = [create(workspace, f"Called {number}", *nodes) for number in range(5)]
    calls = [node(f"c{number}", "control.run_flow", flow=str(row.pk)) for number, row in enumerate(called)]
    assert refuse(client, create(workspace, "Calls", *calls)) == (409, "too_many_nodes")


def test_flows_larger_than_an_import_takes_are_refused(client: Client, workspace: Workspace) -> None:
    large = [node(f"n{number}", "control.log", message="é" * 100_000) for number in range(11)]
    called = create(workspace, "Called", *large)
    calling = create(workspace, "Calls", *large, node("c", "control.run_flow", flow=str(called.pk)))
    assert client.get(f"{API}/{called.pk}/export").status_code == 200
    assert refuse(client, calling) == (409, "file_too_large")


@pytest.mark.parametrize("stored", [{"nodes": 7}, {"schema": 2, "nodes": []}, [], {"nodes": [{"id": "a"}]}])
def test_a_stored_graph_that_cannot_be_read_is_named(client: Client, workspace: Workspace, stored: Any) -> None:
    called = create(workspace, "Broken")
    calling = create(workspace, "Calls", node("c", "control.run_flow", flow=str(called.pk)))
    Flow.objects.filter(pk=called.pk).update(graph=stored)
    answer = client.get(f"{API}/{calling.pk}/export")
    assert read_refusal(answer)[:2] == (422, "unreadable_graph") and "'Broken'" in answer.json()["error"]["message"]


@pytest.mark.parametrize("key", ["x" * 201, "deep"])
def test_a_secret_that_a_file_cannot_point_at_is_refused(client: Client, workspace: Workspace, key: str) -> None:
    value: Any = {key: {"password": "x"}}
    for _ in range(40 if key == "deep" else 0):
        value = {"inner": value}
    assert refuse(client, create(workspace, "Odd", node("n", "http.request", body=value))) == (
        422,
        "unreachable_secret",
    )
