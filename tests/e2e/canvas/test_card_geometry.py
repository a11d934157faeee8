"""Every card and every port is drawn where the editor computes it, for each action of the catalogue."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bench.canvas import POST_SCRIPT
from tests.e2e.building import select
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
EDGE_ENDS = """() => [...document.querySelectorAll(".react-flow__edge")].map((edge) => {
  const path = edge.querySelector(".react-flow__edge-path");
  const onScreen = (at) => {
    const { x, y } = path.getPointAtLength(at).matrixTransform(path.getScreenCTM());
    return { x, y };
  };
  return { ends: [onScreen(0), onScreen(path.getTotalLength())] };
})"""
PORTS = """() => [...document.querySelectorAll(".react-flow__handle")].map((handle) => {
  const { left, top, width, height } = handle.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
})"""
PORT_RADIUS_PX = 8
"""From the middle of a port to its tip, about."""


@pytest.fixture
def every_card(signed_in: Page, server: Server) -> Page:
    """A flow with a card for every action of the catalogue, none of them connected."""
    page = signed_in
    # All cards have to be in view: the others are drawn without their rows.
    page.set_viewport_size({"width": 3600, "height": 6400})
    actions = page.evaluate("async () => (await (await fetch('/api/v1/actions')).json()).actions")
    nodes = [_node(action["type"], at) for at, action in enumerate(actions)]
    graph = {"schema": 1, "nodes": nodes, "edges": [], "notes": []}
    flow = page.evaluate(POST_SCRIPT, ["flows", {"name": "Every action", "graph": graph}])
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


def test_edges_end_at_drawn_ports(signed_in: Page) -> None:
    signed_in.get_by_role("link", name="Chat with your documents", exact=True).click()
    expect(signed_in.locator(".react-flow__node").first).to_be_visible()
    edges = signed_in.evaluate(EDGE_ENDS)
    ports = signed_in.evaluate(PORTS)
    assert len(edges) > 3
    loose = [end for edge in edges for end in edge["ends"] if not any(_is_close(end, port) for port in ports)]
    assert loose == []


def _is_close(end: dict[str, float], port: dict[str, float]) -> bool:
    return abs(end["x"] - port["x"]) < PORT_RADIUS_PX and abs(end["y"] - port["y"]) < PORT_RADIUS_PX


def test_a_card_far_outside_the_view_is_drawn_whole_when_it_comes_near(signed_in: Page, server: Server) -> None:
    nodes = [_node("chat.completion_trigger", 0), {**_node("data.set_variable", 1), "position": {"x": 6000, "y": 0}}]
    link = {"source": nodes[0]["id"], "source_port": "continue", "target": nodes[1]["id"], "target_port": "in"}
    edges = [{"id": "edge", "kind": "execution", **link}]
    graph = {"schema": 1, "nodes": nodes, "edges": edges, "notes": []}
    flow = signed_in.evaluate(POST_SCRIPT, ["flows", {"name": "Far apart", "graph": graph}])
    signed_in.goto(f"{server.url}/flows/{flow['id']}")
    far = signed_in.locator(f".react-flow__node[data-id={nodes[1]['id']}]")
    expect(far.get_by_role("heading")).to_have_text("Set variable")
    expect(far.get_by_role("listitem")).to_have_count(0)
    expect(signed_in.locator(".react-flow__edge")).to_have_count(1)
    expect(far.locator("article")).to_have_css("content-visibility", "auto")
    select(signed_in, "Set variable")
    expect(far.get_by_role("listitem").first).to_be_in_viewport()
    expect(far.locator("article")).to_have_css("content-visibility", "visible")
