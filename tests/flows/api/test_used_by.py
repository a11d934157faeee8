"""The lists of connections and collections tell what uses each, and read the graphs once."""

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from connections import services as connections
from document_collections import services as collections
from document_collections.models import Collection
from flows import services as flows
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db

ROWS = 4


def create_flow(workspace: Workspace, name: str, action: str, **properties: str) -> None:
    node = {"id": "n", "action": action, "properties": properties, "position": {"x": 0, "y": 0}}
    flows.create_flow(workspace.pk, name, graph={"schema": 1, "nodes": [node], "edges": [], "notes": []})


def create_connections(workspace: Workspace) -> list[str]:
    names = [f"Connection {at}" for at in range(ROWS)]
    rows = [connections.create(workspace.pk, name, "anthropic", {}, {"api_key": "sk-1234567890"}) for name in names]
    return [str(row.pk) for row in rows]


def read_users(client: Client, what: str) -> tuple[dict[str, list[str]], int]:
    """Return the names of the users of each row by its name, and how often the graphs were read."""
    with CaptureQueriesContext(database) as asked:
        rows = client.get(f"/api/v1/{what}").json()[what]
    reads = [query for query in asked.captured_queries if '"flows_flow"."graph"' in query["sql"]]
    return {row["name"]: [user["name"] for user in row["used_by"]] for row in rows}, len(reads)


def test_the_list_of_connections_reads_each_graph_once(client: Client, workspace: Workspace) -> None:
    first, second, third, _ = create_connections(workspace)
    create_flow(workspace, "Chat", "anthropic.chat_completion", connection=first)
    create_flow(workspace, "Stream", "anthropic.streaming_chat_completion", connection=second)
    Collection.objects.create(workspace=workspace, name="Manuals", embedder_kind="voyage", connection_id=third)
    users, reads = read_users(client, "connections")
    expected = {"Connection 0": ["Chat"], "Connection 1": ["Stream"], "Connection 2": ["Manuals"], "Connection 3": []}
    assert (users, reads) == (expected, 1)


def test_the_list_of_collections_reads_each_graph_once(client: Client, workspace: Workspace) -> None:
    rows = [collections.create(workspace.pk, f"Collection {at}", "", None) for at in range(ROWS)]
    for name in ("Search", "Search again"):
        create_flow(workspace, name, "vectors.search_vectors", collection=str(rows[0].pk))
    users, reads = read_users(client, "collections")
    expected = {row.name: ["Search again", "Search"] if row is rows[0] else [] for row in rows}
    assert (users, reads) == (expected, 1)
