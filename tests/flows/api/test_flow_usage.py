"""A flow that other flows call is not deleted, and says which ones call it."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from actions.contract.errors import DomainError
from document_collections import services as collections
from flows import services
from flows.models import Flow
from tests.json_api import read_refusal
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db

PATH = "/api/v1/flows"


def create_flow(workspace: Workspace, name: str, *called: Flow) -> Flow:
    nodes = [
        {
            "id": f"call_{at}",
            "action": "control.run_flow",
            "properties": {"flow": str(flow.pk)},
            "position": {"x": 0, "y": 0},
        }
        for at, flow in enumerate(called)
    ]
    return services.create_flow(workspace.pk, name, graph={"schema": 1, "nodes": nodes, "edges": [], "notes": []})


def list_users(client: Client) -> dict[str, list[str]]:
    return {row["name"]: [user["name"] for user in row["used_by"]] for row in client.get(PATH).json()["flows"]}


def test_a_flow_that_another_one_calls_is_not_deleted(client: Client, workspace: Workspace) -> None:
    called = create_flow(workspace, "Called")
    caller = create_flow(workspace, "Caller", called, called)
    assert list_users(client) == {"Called": ["Caller"], "Caller": []}
    response = client.delete(f"{PATH}/{called.pk}")
    assert read_refusal(response) == (409, "flow_in_use", None)
    assert response.json()["error"]["flows"] == [{"kind": "flow", "id": str(caller.pk), "name": "Caller"}]
    assert client.delete(f"{PATH}/{caller.pk}").status_code == 204
    assert client.delete(f"{PATH}/{called.pk}").status_code == 204


def test_a_flow_that_calls_itself_alone_is_deleted(client: Client, workspace: Workspace) -> None:
    flow = create_flow(workspace, "Loop")
    node: dict[str, Any] = {"id": "n", "action": "control.run_flow", "position": {"x": 0, "y": 0}}
    graph = {"schema": 1, "nodes": [{**node, "properties": {"flow": str(flow.pk)}}], "edges": [], "notes": []}
    services.save_graph(flow, 1, graph)
    assert list_users(client) == {"Loop": []}
    assert client.delete(f"{PATH}/{flow.pk}").status_code == 204


def test_a_flow_of_another_workspace_is_no_caller(
    client: Client, workspace: Workspace, other_workspace: Workspace
) -> None:
    called = create_flow(workspace, "Called")
    create_flow(other_workspace, "Elsewhere", called)
    assert list_users(client) == {"Called": []}
    assert client.delete(f"{PATH}/{called.pk}").status_code == 204


def test_a_key_of_certain_flows_is_told_of_no_other_caller(workspace: Workspace) -> None:
    called = create_flow(workspace, "Called")
    create_flow(workspace, "Secret", called)
    with pytest.raises(DomainError) as refused:
        services.delete_flow(called, frozenset({str(called.pk)}))
    assert refused.value.code == "flow_in_use"
    assert "Secret" not in refused.value.message
    assert "flows" not in refused.value.extra


def test_a_graph_from_before_names_its_collection_by_id_after_the_migration(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    collection = collections.create(workspace.pk, "Manuals", "", None)
    collections.create(other_workspace.pk, "Manuals", "", None)
    properties = [{"collection": "Manuals"}, {"collection": "Gone"}, {"collection": {"expression": "x"}}, {}]
    nodes = [{"id": str(at), "action": "vectors.search_vectors", "properties": p} for at, p in enumerate(properties)]
    nodes.append({"id": "log", "action": "control.log", "properties": {"collection": "Manuals"}})
    flow = Flow.objects.create(workspace=workspace, name="Old", graph={"schema": 1, "nodes": nodes})
    before = flow.updated_at
    import_module("flows.migrations.0011_collections_by_id").name_by_id(apps, None)
    flow.refresh_from_db()
    named = [node["properties"].get("collection") for node in flow.graph["nodes"]]
    assert named == [str(collection.pk), "Gone", {"expression": "x"}, None, "Manuals"]
    assert (flow.revision, flow.updated_at) == (1, before)
