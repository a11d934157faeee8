"""A collection that a flow uses is renamed by keys, and the flow shows the new name; it cannot be deleted."""

import pytest
from playwright.sync_api import Page, expect

from bench.canvas import POST_SCRIPT
from tests.e2e.building import node
from tests.e2e.conftest import Server


@pytest.fixture
def used(signed_in: Page, server: Server) -> Page:
    """The page of a collection that a flow uses. The flow was sent with the name of the collection."""
    collection = signed_in.evaluate(POST_SCRIPT, ["collections", {"name": "Old manuals"}])
    nodes = [
        {"id": "trigger", "action": "chat.completion_trigger", "properties": {}, "position": {"x": 0, "y": 80}},
        {
            "id": "search",
            "action": "vectors.search_vectors",
            "properties": {"collection": "Old manuals", "search_text": "x"},
            "position": {"x": 320, "y": 80},
        },
    ]
    ends = {"source": "trigger", "source_port": "continue", "target": "search", "target_port": "in"}
    graph = {"schema": 1, "nodes": nodes, "edges": [{"id": "e", "kind": "execution", **ends}], "notes": []}
    signed_in.evaluate(POST_SCRIPT, ["flows", {"name": "Look it up", "graph": graph}])
    signed_in.goto(f"{server.url}/collections/{collection['id']}")
    expect(signed_in.get_by_role("heading", name="Old manuals")).to_be_visible()
    return signed_in


def open_menu(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"More for {name}").focus()
    page.keyboard.press("Enter")


def test_a_flow_follows_its_collection_to_another_name(used: Page) -> None:
    open_menu(used, "Old manuals")
    used.keyboard.press("Enter")
    field = used.get_by_role("dialog").get_by_label("Name")
    expect(field).to_be_focused()
    used.keyboard.press("Control+A")
    used.keyboard.type("Mill handbook")
    used.keyboard.press("Enter")
    expect(field).to_have_accessible_description("There is a collection 'Mill handbook' already. Choose another name.")
    used.keyboard.press("Control+A")
    used.keyboard.type("Guides")
    used.keyboard.press("Enter")
    expect(used.get_by_role("heading", name="Guides")).to_be_visible()

    open_menu(used, "Guides")
    used.get_by_role("menuitem", name="Delete collection").click()
    expect(used.get_by_role("button", name="Delete collection")).to_have_attribute("aria-disabled", "true")
    used.get_by_role("alertdialog").get_by_role("link", name="Look it up").click()
    expect(node(used, "Search vectors").get_by_text("Guides")).to_be_visible()
    node(used, "Search vectors").get_by_text("Search vectors").click()
    expect(used.get_by_role("combobox", name="Collection").locator("option:checked")).to_have_text("Guides")
    expect(used.get_by_role("button", name="Problems")).to_have_count(0)
