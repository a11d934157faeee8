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
    actions = ["chat.completion_trigger", *["data.transform"] * (COUNT - 1)]
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
        for at in range(COUNT - 1)
    ]
    graph = {"schema": 1, "nodes": nodes, "edges": edges, "notes": []}
    flow = signed_in.evaluate(POST_SCRIPT, ["flows", {"name": "Wide", "graph": graph}])
    signed_in.goto(f"{server.url}/flows/{flow['id']}")
    expect(signed_in.locator(".react-flow__node")).to_have_count(COUNT)
    return signed_in


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
