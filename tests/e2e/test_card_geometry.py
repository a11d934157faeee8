"""Every card and every port is drawn where the editor computes it, for each action of the catalogue."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bench.canvas import CALL
from tests.e2e.conftest import Server

MEASURE = """() => [...document.querySelectorAll(".react-flow__node")].map((node) => {
  const card = node.querySelector("article");
  const origin = card.getBoundingClientRect();
  const scale = origin.width / card.offsetWidth;
  const centre = (element) => {
    const box = element.getBoundingClientRect();
    return {
      x: (box.left + box.width / 2 - origin.left) / scale,
      y: (box.top + box.height / 2 - origin.top) / scale,
    };
  };
  const handles = (kind, side) => [...card.querySelectorAll(`.react-flow__handle.${side}`)]
    .filter((handle) => handle.dataset.handleid.startsWith(`${kind}:`));
  const outputs = handles("execution", "source");
  const inputs = handles("execution", "target");
  const slots = handles("attachment", "source");
  const first = outputs[0] ?? inputs[0];
  const isRow = (child) => child.tagName === "DIV" && !child.matches(".react-flow__handle");
  const rows = [...(first?.parentElement.children ?? [])].filter(isRow);
  const ports = [
    ...outputs.map((handle, index) => ({ computed: centre(handle).y, drawn: centre(rows[index]).y })),
    ...inputs.map((handle) => ({ computed: centre(handle).y, drawn: centre(rows[0]).y })),
    ...slots.map((handle) => ({ computed: centre(handle).x, drawn: centre(handle.parentElement).x })),
  ];
  const slotRow = slots[0]?.parentElement.parentElement;
  const height = node.offsetHeight;
  card.style.height = "auto";
  const drawnHeight = card.offsetHeight + (slotRow?.offsetHeight ?? 0);
  card.style.height = "";
  return { action: node.dataset.id, height, drawnHeight, ports };
})"""
"""Of each card its computed height and that of its content; of each port its computed place and that of its row."""


@pytest.fixture
def every_card(signed_in: Page, server: Server) -> Page:
    """A flow with a card for every action of the catalogue, none of them connected."""
    page = signed_in
    actions = page.evaluate("async () => (await (await fetch('/api/v1/actions')).json()).actions")
    nodes = [_node(action["type"], at) for at, action in enumerate(actions)]
    graph = {"schema": 1, "nodes": nodes, "edges": [], "notes": []}
    flow = page.evaluate(CALL, ["flows", {"name": "Every action", "graph": graph}])
    page.goto(f"{server.url}/flows/{flow['id']}")
    expect(page.locator(".react-flow__node")).to_have_count(len(nodes))
    return page


def _node(action: str, at: int) -> dict[str, Any]:
    position = {"x": 400 * (at % 8), "y": 800 * (at // 8)}
    return {"id": action.replace(".", "_"), "action": action, "properties": {}, "position": position}


def test_every_card_and_port_is_drawn_where_it_is_computed(every_card: Page) -> None:
    cards = every_card.evaluate(MEASURE)
    heights = {card["action"]: (card["height"], card["drawnHeight"]) for card in cards}
    assert {action: pair for action, pair in heights.items() if abs(pair[0] - pair[1]) > 1} == {}
    ports = [(card["action"], port["computed"], port["drawn"]) for card in cards for port in card["ports"]]
    assert len(ports) > len(cards)
    assert [port for port in ports if abs(port[1] - port[2]) > 1] == []
