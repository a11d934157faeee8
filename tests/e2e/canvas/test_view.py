"""What is selected, found or failed comes into the part of the canvas that nothing lies over."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from bench.canvas import POST_SCRIPT
from tests.e2e.building import node
from tests.e2e.conftest import Server

COUNT = 7


@pytest.fixture
def wide_flow(signed_in: Page, server: Server) -> Page:
    """A row of nodes that is wider than the canvas; the last one fails in a run, and a note lies below it."""
    return open_row(signed_in, server, COUNT)


def open_row(page: Page, server: Server, count: int) -> Page:
    actions = ["chat.completion_trigger", *["data.transform"] * (count - 1)]
    nodes: list[dict[str, Any]] = [
        {"id": f"n{at}", "action": action, "properties": {"title": f"Card {at}"}, "position": {"x": 320 * at, "y": 80}}
        for at, action in enumerate(actions)
    ]
    for each in nodes[1:]:
        each["properties"]["value"] = {"expression": "chatCompletionRequest.prompt"}
    nodes[-1]["properties"]["value"] = {"expression": "1 / 0"}
    edges = [
        {
            "id": f"e{at}",
            "kind": "execution",
            "source": f"n{at}",
            "source_port": "continue",
            "target": f"n{at + 1}",
            "target_port": "in",
        }
        for at in range(count - 1)
    ]
    graph = {"schema": 1, "nodes": nodes, "edges": edges, "notes": []}
    flow = page.evaluate(POST_SCRIPT, ["flows", {"name": "Wide", "graph": graph}])
    page.goto(f"{server.url}/flows/{flow['id']}")
    expect(page.locator(".react-flow__node")).to_have_count(count)
    return page


IS_FREE = """(card) => {
  const measure = (element) => element.getBoundingClientRect();
  const isApart = (one, other) => one.right <= other.left || one.left >= other.right
    || one.bottom <= other.top || one.top >= other.bottom;
  const box = measure(card);
  const canvas = measure(document.querySelector("[data-canvas]"));
  const isInside = box.left >= canvas.left && box.right <= canvas.right
    && box.top >= canvas.top && box.bottom <= canvas.bottom;
  const above = [...document.querySelectorAll("[data-properties], .react-flow__minimap")];
  return isInside && above.every((element) => isApart(box, measure(element)));
}"""


IS_LEFT_TOP_FREE = """(card) => {
  const measure = (element) => element.getBoundingClientRect();
  const { left, top } = measure(card);
  const canvas = measure(document.querySelector("[data-canvas]"));
  const panel = measure(document.querySelector("[data-properties]"));
  return left >= canvas.left && left + 100 <= panel.left && top >= canvas.top && top + 100 <= canvas.bottom;
}"""
"""Of a card that is higher than the canvas, the beginning is shown."""


def expect_free(page: Page, card: Locator) -> None:
    """Wait until the whole card is in the free part of the canvas."""
    page.wait_for_function(f"(card) => ({IS_FREE})(card)", arg=card.element_handle())


def test_a_card_that_the_command_menu_finds_comes_into_view(wide_flow: Page) -> None:
    wide_flow.keyboard.press("Control+k")
    wide_flow.keyboard.type("Card 6")
    wide_flow.keyboard.press("Enter")
    expect(node(wide_flow, "Card 6")).to_be_focused()
    expect_free(wide_flow, node(wide_flow, "Card 6"))


@pytest.mark.parametrize("width", [700, 1440])
def test_a_card_that_is_clicked_does_not_hide_behind_the_panel(wide_flow: Page, width: int) -> None:
    wide_flow.set_viewport_size({"width": width, "height": 900})
    wide_flow.reload()
    expect(wide_flow.locator(".react-flow__node")).to_have_count(COUNT)
    wide_flow.get_by_role("button", name="Fit to view").click()
    last = wide_flow.locator(".react-flow__node").nth(1 if width == 700 else 3)
    last.click(position={"x": 60, "y": 12})
    expect(wide_flow.get_by_role("complementary", name="Properties")).to_be_visible()
    expect_free(wide_flow, last)


def test_a_problem_that_is_pressed_brings_its_card_into_view(wide_flow: Page) -> None:
    wide_flow.keyboard.press("Control+k")
    wide_flow.keyboard.type("Card 6")
    wide_flow.keyboard.press("Enter")
    expect(node(wide_flow, "Card 6")).to_be_focused()
    wide_flow.get_by_role("complementary", name="Actions").get_by_text("Streaming chat completion", exact=True).click()
    card = node(wide_flow, "Streaming chat completion")
    expect(card).to_be_focused()
    wide_flow.keyboard.press("Escape")
    wide_flow.get_by_role("button", name="Fit to view").click()
    expect(card).not_to_be_in_viewport()
    wide_flow.get_by_role("tab", name="Problems").click()
    wide_flow.get_by_role("tabpanel", name="Problems").get_by_role("button", name="Model is required").click()
    expect(wide_flow.get_by_role("complementary", name="Properties")).to_be_visible()
    wide_flow.wait_for_function(f"(card) => ({IS_LEFT_TOP_FREE})(card)", arg=card.element_handle())


def test_fit_to_view_fits_beside_the_panel_and_the_overview(signed_in: Page, server: Server) -> None:
    page = open_row(signed_in, server, 3)
    node(page, "Card 2").click(position={"x": 60, "y": 12})
    expect(page.get_by_role("complementary", name="Properties")).to_be_visible()
    for _ in range(3):
        page.get_by_role("button", name="Zoom out").click()
    page.locator("[data-canvas]").hover()
    page.mouse.wheel(-400, -300)
    page.get_by_role("button", name="Fit to view").click()
    for at in range(3):
        expect_free(page, node(page, f"Card {at}"))


def test_the_node_that_failed_comes_into_view_with_its_message(wide_flow: Page) -> None:
    wide_flow.get_by_role("button", name="Run", exact=True).click()
    note = node(wide_flow, "Card 6").get_by_text("divide by zero")
    expect(note).to_be_visible()
    expect_free(wide_flow, note)


def test_the_overview_folds_and_stays_folded(wide_flow: Page) -> None:
    overview = wide_flow.locator(".react-flow__minimap")
    expect(overview).to_be_visible()
    wide_flow.get_by_role("button", name="Overview").click()
    expect(overview).to_have_count(0)
    wide_flow.reload()
    expect(wide_flow.locator(".react-flow__node")).to_have_count(COUNT)
    expect(overview).to_have_count(0)


def test_a_problem_does_not_move_the_buttons_beside_it(wide_flow: Page) -> None:
    undo = wide_flow.get_by_role("button", name="Undo")
    problems = wide_flow.get_by_role("button", name="Problems")
    expect(problems).to_have_count(0)
    before = undo.bounding_box()
    wide_flow.get_by_role("complementary", name="Actions").get_by_text("Streaming chat completion", exact=True).click()
    wide_flow.get_by_role("button", name="Run", exact=True).click()
    expect(problems).to_be_visible()
    assert undo.bounding_box() == before
