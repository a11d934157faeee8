"""A flow saves and searches through the whole engine, with helper nodes attached."""

from typing import Any
from uuid import UUID

import pytest

from actions.contract.action import Services
from actions.vectors.store import VectorStore
from document_collections.models import Collection
from document_collections.store import WorkspaceStore
from flows.engine.resources import RunResources
from flows.events.fold import fold
from tests.flows.scripted import graph, node, path, run, trigger
from web.database import close_pool_connections

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "# A\nWheels.\n# B\nFilters."


async def run_flow(workspace_id: UUID, *nodes: Any, attached: tuple[str, str, str]) -> Any:
    helper, port, host_node = attached
    ends = {"source": host_node, "source_port": port, "target": helper, "target_port": "host"}
    edge = {"id": "a", "kind": "attachment", **ends}
    chain = [each["id"] for each in nodes if each["id"] != helper]
    document = graph([trigger(), *nodes], [*path("trigger", *chain), edge])
    resources = RunResources("r", {}, Services({VectorStore: WorkspaceStore(workspace_id)}))
    state = fold(await run(document, resources=resources))
    return state["error"] or state["result"]


async def test_a_flow_saves_and_finds(collection: Collection) -> None:
    try:
        found = await run_flow(
            collection.workspace_id,
            node(
                "save", "vectors.save_vectors", collection="Manuals", content="# A\nWheels.\n# B\nFilters.", context="m"
            ),
            node("cut", "vectors.text_splitter", split_by="markdown"),
            node("search", "vectors.search_vectors", collection="Manuals", search_text="filters", top=1),
            node("last", "control.return", value={"expression": "searchResult"}),
            attached=("cut", "text_splitter", "save"),
        )
    finally:
        close_pool_connections()
    assert found["text"] == "Source: m\n# B\nFilters."
    assert found["search_results"] == [{"source": "m", "title": "m, B", "text": "# B\nFilters."}]
