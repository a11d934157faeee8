"""Collections over REST are created, changed and shown, within one workspace."""

from typing import Any

import pytest
from django.test import Client

from connections import services as connections
from document_collections import services
from document_collections.api import views
from document_collections.models import Collection, Document
from flows import services as flows
from flows.models import Flow
from tests.document_collections.client import PATH
from tests.json_api import read_refusal, send_json
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def build_search_graph(collection: str) -> dict[str, Any]:
    trigger = {"id": "trigger", "action": "chat.completion_trigger", "position": {"x": 0, "y": 0}, "properties": {}}
    search = {
        "id": "search",
        "action": "vectors.search_vectors",
        "position": {"x": 0, "y": 0},
        "properties": {"collection": collection, "search_text": "x"},
    }
    ends = {"source": "trigger", "source_port": "continue", "target": "search", "target_port": "in"}
    edges = [{"id": "e", "kind": "execution", **ends}]
    return {"schema": 1, "nodes": [trigger, search], "edges": edges, "notes": []}


def create_search_flow(workspace: Workspace, collection: str) -> Flow:
    return flows.create_flow(workspace.pk, "Ask", graph=build_search_graph(collection))


def list_problems(client: Client, flow: Flow) -> list[str]:
    """Return the codes of the errors of the flow."""
    problems = client.get(f"/api/v1/flows/{flow.pk}").json()["analysis"]["problems"]
    return [problem["code"] for problem in problems if problem["severity"] == "error"]


def test_a_collection_is_made_with_the_built_in_embedder(client: Client) -> None:
    response = send_json(client, "POST", PATH, {"name": "Manuals", "description": "All of them"})
    shown = response.json()
    assert response.status_code == 201
    assert shown["embedder"] == {
        "kind": "builtin",
        "model": "lexical-3",
        "dimension": None,
        "connection": None,
        "title": "Built-in (lexical)",
    }
    assert (shown["documents"], shown["chunks"], shown["used_by"]) == (0, 0, [])
    assert client.get(PATH).json()["collections"] == [shown]
    assert client.get(f"{PATH}/{shown['id']}").json() == shown


def test_a_collection_can_have_an_embedder_of_a_connection(client: Client, workspace: Workspace) -> None:
    connection = connections.create(workspace.pk, "Cloud", "openai", {}, {"api_key": "sk-test"})
    chosen = {"connection": str(connection.pk), "model": "text-embedding-3-small", "dimension": 512}
    shown = send_json(client, "POST", PATH, {"name": "Manuals", "embedder": chosen}).json()
    assert shown["embedder"]["connection"] == {"id": str(connection.pk), "name": "Cloud"}
    assert (shown["embedder"]["kind"], shown["embedder"]["dimension"]) == ("openai", 512)
    deleted = client.delete(f"/api/v1/connections/{connection.pk}")
    assert read_refusal(deleted) == (409, "connection_in_use", None)
    assert "the collection 'Manuals'" in deleted.json()["error"]["message"]
    assert deleted.json()["error"]["flows"] == [{"kind": "collection", "id": shown["id"], "name": "Manuals"}]


REFUSED_EMBEDDERS: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown kind": ({"kind": "magic"}, "embedder.kind"),
    "a kind that embeds nothing": ({"kind": "anthropic"}, "embedder.kind"),
    "no connection": ({"kind": "openai", "model": "m"}, "embedder.connection"),
    "a connection that is not there": (
        {"connection": "00000000-0000-0000-0000-000000000000", "model": "m"},
        "embedder.connection",
    ),
    "a model of another kind": ({"kind": "builtin", "model": "m"}, "embedder.model"),
    "a dimension too small": ({"dimension": 2}, "embedder.dimension"),
    "a name that is no text": ({"kind": 1}, "embedder.kind"),
}


@pytest.mark.parametrize("case", REFUSED_EMBEDDERS)
def test_an_embedder_that_cannot_be_is_refused_by_its_field(client: Client, case: str) -> None:
    embedder, field = REFUSED_EMBEDDERS[case]
    status, _, refused_field = read_refusal(send_json(client, "POST", PATH, {"name": "Manuals", "embedder": embedder}))
    assert (status, refused_field) == (422, field)
    assert not Collection.objects.exists()


def test_a_connection_of_another_workspace_does_not_exist(client: Client, other_workspace: Workspace) -> None:
    theirs = connections.create(other_workspace.pk, "Cloud", "openai", {}, {"api_key": "sk-test"})
    response = send_json(client, "POST", PATH, {"name": "X", "embedder": {"connection": str(theirs.pk), "model": "m"}})
    assert read_refusal(response) == (422, "unknown_connection", "embedder.connection")


def test_a_name_is_taken_once_in_a_workspace(
    client: Client, collection: Collection, other_workspace: Workspace
) -> None:
    services.create(other_workspace.pk, "Manuals", "", None)
    assert read_refusal(send_json(client, "POST", PATH, {"name": "Manuals"})) == (422, "name_taken", "name")


def test_what_is_given_is_changed(client: Client, collection: Collection) -> None:
    changed = {"name": "Guides", "description": "New", "embedder": {"dimension": 512}}
    shown = send_json(client, "PATCH", f"{PATH}/{collection.pk}", changed).json()
    assert (shown["name"], shown["description"], shown["embedder"]["dimension"]) == ("Guides", "New", 512)


def test_the_embedder_stays_while_there_are_documents(client: Client, collection: Collection) -> None:
    Document.objects.create(collection=collection, name="a.txt", status="ready")
    response = send_json(client, "PATCH", f"{PATH}/{collection.pk}", {"embedder": {"dimension": 512}})
    assert read_refusal(response) == (409, "collection_not_empty", "embedder")


def test_a_collection_that_a_flow_uses_is_not_deleted(
    client: Client, workspace: Workspace, collection: Collection
) -> None:
    flow = create_search_flow(workspace, "Manuals")
    user = {"kind": "flow", "id": str(flow.pk), "name": "Ask"}
    assert client.get(f"{PATH}/{collection.pk}").json()["used_by"] == [user]
    response = client.delete(f"{PATH}/{collection.pk}")
    assert read_refusal(response) == (409, "collection_in_use", None)
    assert response.json()["error"]["flows"] == [user]


def test_a_rename_keeps_what_others_have_stored_meanwhile(collection: Collection) -> None:
    services.raise_revision(collection.pk)
    Collection.objects.filter(pk=collection.pk).update(has_vector_index=True)
    services.change(collection, {"name": "Guides"})
    now = Collection.objects.get(pk=collection.pk)
    assert (now.name, now.revision, now.has_vector_index) == ("Guides", collection.revision + 1, True)


def test_a_flow_follows_a_collection_that_is_renamed(
    client: Client, workspace: Workspace, collection: Collection
) -> None:
    flow = create_search_flow(workspace, "Manuals")
    assert list_problems(client, flow) == []
    assert send_json(client, "PATCH", f"{PATH}/{collection.pk}", {"name": "Guides"}).status_code == 200
    assert list_problems(client, flow) == []
    assert client.get(f"{PATH}/{collection.pk}").json()["used_by"][0]["name"] == "Ask"


def test_a_new_collection_of_the_old_name_is_another_one(
    client: Client, workspace: Workspace, collection: Collection
) -> None:
    flow = create_search_flow(workspace, "Manuals")
    services.change(collection, {"name": "Guides"})
    services.create(workspace.pk, "Manuals", "", None)
    assert flow.graph["nodes"][1]["properties"]["collection"] == str(collection.pk)
    assert [row["used_by"] != [] for row in client.get(PATH).json()["collections"]] == [True, False]


def test_a_name_that_no_collection_has_is_stored_as_it_is(workspace: Workspace, other_workspace: Workspace) -> None:
    services.create(other_workspace.pk, "Elsewhere", "", None)
    for name in ("Elsewhere", "{{ chatCompletionRequest.context }}"):
        assert create_search_flow(workspace, name).graph["nodes"][1]["properties"]["collection"] == name


def test_a_save_that_names_the_collection_again_is_the_same_graph(
    client: Client, workspace: Workspace, collection: Collection
) -> None:
    flow = create_search_flow(workspace, "Manuals")
    sent = {"revision": 1, "graph": build_search_graph("Manuals")}
    assert send_json(client, "PUT", f"/api/v1/flows/{flow.pk}/graph", sent).json()["revision"] == 1


def test_a_collection_is_deleted_with_its_documents(client: Client, collection: Collection) -> None:
    Document.objects.create(collection=collection, name="a.txt", status="ready")
    assert client.delete(f"{PATH}/{collection.pk}").status_code == 204
    assert not Document.objects.exists()


def test_a_flow_that_names_no_collection_of_its_workspace_has_a_problem(client: Client, workspace: Workspace) -> None:
    assert list_problems(client, create_search_flow(workspace, "Elsewhere")) == ["unknown_collection"]


def test_a_list_of_documents_has_the_newest(
    client: Client, collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MAX_DOCUMENTS", 2)
    for number in range(3):
        Document.objects.create(collection=collection, name=f"{number}.txt", status="ready")
    listed = client.get(f"{PATH}/{collection.pk}/documents").json()["documents"]
    assert [document["name"] for document in listed] == ["2.txt", "1.txt"]
