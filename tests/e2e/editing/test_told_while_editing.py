"""What a run will refuse is told while the flow is edited."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bench.canvas import POST_SCRIPT
from tests.e2e.building import bind, node, select
from tests.e2e.conftest import Server

TOLD = "Session Id takes a text, and 'error.retryable' is true or false."


@pytest.fixture
def catching(signed_in: Page, server: Server) -> Page:
    """A flow that reads a history where an error was caught; the session id of the history is open."""
    actions = {"start": "chat.completion_trigger", "try": "control.try_catch", "read": "chat.get_history"}
    nodes: list[dict[str, Any]] = [
        {"id": id, "action": action, "properties": {}, "position": {"x": 320 * at, "y": 80}}
        for at, (id, action) in enumerate(actions.items())
    ]
    joins = (("start", "continue", "try"), ("try", "catch", "read"))
    edges = [
        {
            "id": source,
            "kind": "execution",
            "source": source,
            "source_port": port,
            "target": target,
            "target_port": "in",
        }
        for source, port, target in joins
    ]
    graph = {"schema": 1, "nodes": nodes, "edges": edges, "notes": []}
    flow = signed_in.evaluate(POST_SCRIPT, ["flows", {"name": "Catching", "graph": graph}])
    signed_in.goto(f"{server.url}/flows/{flow['id']}")
    expect(node(signed_in, "Get chat history")).to_be_visible()
    return signed_in


def test_a_yes_or_no_that_is_bound_to_a_text_is_told_at_its_field_and_on_its_card(catching: Page) -> None:
    select(catching, "Get chat history")
    bind(catching, "Session Id", "error.retryable")
    catching.get_by_label("Limit", exact=True).focus()
    expect(catching.get_by_role("complementary", name="Properties").get_by_text(TOLD)).to_be_visible()
    expect(node(catching, "Get chat history").get_by_label("1 problem")).to_be_visible()
    catching.get_by_role("tab", name="Problems").click()
    expect(catching.get_by_role("tabpanel", name="Problems").get_by_text(TOLD)).to_be_visible()
