"""What a run refuses of an embedder is a problem of the flow before, in the same words."""

from typing import Any

import pytest
from django.test import Client

from actions.contract.errors import ActionError
from actions.vectors.embedding import BUILT_IN, LEXICAL, EmbedderIdentity
from connections import services as connections
from document_collections import services
from document_collections.models import Collection
from document_collections.saving import check_embedder
from flows import services as flows
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(collection: Collection) -> Collection:
    """A collection whose documents are embedded by the built-in embedder with 256 dimensions."""
    Collection.objects.filter(pk=collection.pk).update(dimension=256)
    collection.refresh_from_db()
    return collection


def find_problems(client: Client, collection: Collection, embedder: dict[str, Any] | None) -> list[tuple[str, str]]:
    """Return messages and hints of a flow that searches the collection, with this helper below its node."""
    nodes = [
        {"id": "trigger", "action": "chat.completion_trigger", "properties": {}},
        {
            "id": "search",
            "action": "vectors.search_vectors",
            "properties": {"collection": str(collection.pk), "search_text": "x"},
        },
        *([{"id": "embedder", "action": "vectors.text_embedder", "properties": {}, **embedder}] if embedder else []),
    ]
    edges = [build_edge("execution", "trigger", "continue", "search", "in")]
    if embedder:
        edges.append(build_edge("attachment", "search", "text_embedder", "embedder", "host"))
    placed = [{**node, "position": {"x": 0, "y": 0}} for node in nodes]
    graph = {"schema": 1, "nodes": placed, "edges": edges, "notes": []}
    flow = flows.create_flow(collection.workspace_id, "Ask", graph=graph)
    problems = client.get(f"/api/v1/flows/{flow.pk}").json()["analysis"]["problems"]
    return [(each["message"], each["hint"]) for each in problems if each["code"] == "embedder_mismatch"]


def build_edge(kind: str, source: str, source_port: str, target: str, target_port: str) -> dict[str, str]:
    ends = {"source": source, "source_port": source_port, "target": target, "target_port": target_port}
    return {"id": f"{source}-{target}", "kind": kind, **ends}


def test_another_dimension_is_told_as_the_run_tells_it(client: Client, filled: Collection) -> None:
    with pytest.raises(ActionError) as refused:
        check_embedder(filled, EmbedderIdentity(BUILT_IN, LEXICAL, 512))
    told = find_problems(client, filled, {"properties": {"dimensions": 512}})
    assert told == [(refused.value.message, refused.value.hint)]
    assert told[0][1] == "Set Dimensions of the attached embedder to 256, or choose another collection."


def test_another_model_is_told(client: Client, workspace: Workspace, filled: Collection) -> None:
    connection = connections.create(workspace.pk, "Cloud", "openai", {}, {"api_key": "sk-test"})
    properties = {"connection": str(connection.pk), "model": "text-embedding-3-small"}
    told = find_problems(client, filled, {"action": "openai.text_embedder", "properties": properties})
    assert len(told) == 1
    assert "'text-embedding-3-small' (openai)" in told[0][0]
    assert told[0][1].startswith("Delete the attached embedder")


@pytest.mark.parametrize(
    "embedder",
    [
        None,
        {"properties": {}},
        {"properties": {"dimensions": 256}},
        {"properties": {"dimensions": 512, "disabled": True}},
    ],
)
def test_an_embedder_that_fits_is_not_told(client: Client, filled: Collection, embedder: dict[str, Any] | None) -> None:
    assert find_problems(client, filled, embedder) == []


def test_the_first_embedder_of_an_empty_collection_is_not_told(client: Client, collection: Collection) -> None:
    assert find_problems(client, collection, {"properties": {"dimensions": 512}}) == []


def test_a_collection_that_only_a_flow_can_embed_asks_for_the_embedder(client: Client, workspace: Workspace) -> None:
    collection = services.create(workspace.pk, "Notes", "", None)
    collection.embedder_kind, collection.embedder_model, collection.dimension = "voyage", "voyage-3.5", 1024
    collection.save()
    told = find_problems(client, collection, None)
    assert [hint for _, hint in told] == ["Attach a text embedder with that model."]
