"""A node of the reference flow fails: it comes into view with its message, and says what it received and what to do."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from bench.canvas import POST_SCRIPT
from tests.e2e.building import node, select
from tests.e2e.conftest import Server
from tests.e2e.runs import expect_run

QUESTION = "When does the miller close the sluice gate?"
CARD = "Streaming chat completion"
SIZES: list[ViewportSize] = [
    {"width": 1440, "height": 900},
    {"width": 700, "height": 900},
    {"width": 390, "height": 844},
    {"width": 720, "height": 450},
]
"""A desk, a small tablet, a phone, and what a screen of 1440 by 900 has left at 200 %."""

COPY_SCRIPT = """async (model) => {
  const { flows } = await (await fetch("/api/v1/flows")).json();
  const { id } = flows.find(({ name }) => name === "Chat with your documents");
  const { graph } = await (await fetch(`/api/v1/flows/${id}`)).json();
  graph.nodes.find(({ id }) => id === "answer").properties.model_id = model;
  return graph;
}"""
IS_UNCOVERED = """(note) => {
  const { left, right, top, bottom } = note.getBoundingClientRect();
  const xs = [left + 6, (left + right) / 2, right - 6];
  const ys = [top + 4, (top + bottom) / 2, bottom - 4];
  return xs.every((x) => ys.every((y) => note.contains(document.elementFromPoint(x, y))));
}"""
"""Whether all of an element is in the window, and nothing lies over it."""


@pytest.fixture
def failing(signed_in: Page, server: Server) -> Page:
    """The demo's flow with documents, whose model does not exist."""
    graph: dict[str, Any] = signed_in.evaluate(COPY_SCRIPT, "no-such-model")
    flow = signed_in.evaluate(POST_SCRIPT, ["flows", {"name": "Documents, failing", "graph": graph}])
    signed_in.goto(f"{server.url}/flows/{flow['id']}")
    expect(node(signed_in, CARD)).to_be_visible()
    return signed_in


def get_message(page: Page) -> Locator:
    return node(page, CARD).locator("[data-failure]")


def expect_uncovered(page: Page, note: Locator) -> None:
    expect(note).to_contain_text("no-such-model")
    page.wait_for_function(f"(note) => ({IS_UNCOVERED})(note)", arg=note.element_handle())


def run_anew(page: Page) -> None:
    page.get_by_role("button", name="Run", exact=True).click()
    expect_run(page, "Failed")


def test_the_message_of_the_node_is_in_view_in_every_window(failing: Page) -> None:
    for size in SIZES:
        failing.set_viewport_size(size)
        failing.reload()
        expect(node(failing, CARD)).to_be_attached()
        run_anew(failing)
        expect_uncovered(failing, get_message(failing))


def test_the_message_is_in_view_beside_the_panel_which_tells_the_rest(failing: Page) -> None:
    select(failing, "Yield return message")
    run_anew(failing)
    expect_uncovered(failing, get_message(failing))
    get_message(failing).click()
    panel = failing.get_by_role("complementary", name="Properties")
    panel.get_by_role("tab", name="Last run").click()
    values = panel.get_by_role("tabpanel", name="Last run")
    expect(values.get_by_text("Failed")).to_be_visible()
    expect(values).to_contain_text("no-such-model")
    received = values.get_by_role("region", name="Received")
    received.get_by_role("radio", name="Text").click()
    expect(received.get_by_text(QUESTION, exact=True)).to_be_visible()
    expect_uncovered(failing, get_message(failing))


def test_the_other_nodes_tell_how_far_the_run_came(failing: Page) -> None:
    run_anew(failing)
    answer = failing.get_by_role("tabpanel", name="Client sees")
    expect(answer).to_contain_text("no-such-model")
    select(failing, "Search vectors")
    panel = failing.get_by_role("complementary", name="Properties")
    panel.get_by_role("tab", name="Last run").click()
    expect(panel.get_by_role("region", name="Gave").get_by_role("button", name="0 ").first).to_be_visible()
    select(failing, "Save chat history")
    panel.get_by_role("tab", name="Last run").click()
    expect(panel.get_by_role("region", name="Received")).to_have_count(0)
