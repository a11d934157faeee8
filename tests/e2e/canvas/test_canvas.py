"""Messages arrive in one card; all others hold still."""

import re

import pytest
from playwright.sync_api import Page, expect

from bench.canvas import COUNTER_SCRIPT, POST_SCRIPT, build_graph, measure
from tests.e2e.conftest import Server

SIZE = 40
CONTEXT = f"{'The race leads water to the wheel, ' * 11}and back."
"""The simulator repeats it: with a longer answer, what is measured is over before the run is, on a busy machine too."""


@pytest.fixture
def streaming(page: Page, server: Server) -> Page:
    """A flow of many nodes, open in a page that counts what is rendered."""
    page.add_init_script(COUNTER_SCRIPT)
    link = re.search(r"http\S+", server.manage("sign_in_link"))
    assert link
    page.goto(link[0])
    page.get_by_role("heading", name="Flows").wait_for()
    found = page.evaluate("async () => (await (await fetch('/api/v1/connections')).json()).connections")
    simulator = next(each["id"] for each in found if each["simulator"])
    graph = build_graph(simulator, SIZE)
    next(node for node in graph["nodes"] if node["id"] == "answer")["properties"]["context"] = CONTEXT
    flow = page.evaluate(POST_SCRIPT, ["flows", {"name": "Many nodes", "graph": graph}])
    page.goto(f"{server.url}/flows/{flow['id']}")
    expect(page.locator(".react-flow__node")).to_have_count(SIZE)
    return page


def test_a_message_renders_no_card_but_those_it_passes(streaming: Page) -> None:
    reading = measure(streaming, ms=1_000)
    assert reading.messages > 0
    # The card of Yield return counts its items where it is in view.
    assert {"answer"} <= set(reading.cards) <= {"answer", "yield"}
    assert reading.edges == {}


MOST_LAYERS = 14
"""What turns or blinks on a layer of its own pushes all that lies above it onto further layers: once it was 24."""


def test_a_run_is_drawn_on_few_layers(streaming: Page) -> None:
    measure(streaming, ms=100)
    tree = streaming.context.new_cdp_session(streaming)
    trees: list[list[object]] = []
    tree.on("LayerTree.layerTreeDidChange", lambda event: trees.append(event.get("layers", [])))
    tree.send("DOM.enable")
    tree.send("LayerTree.enable")
    stop = streaming.get_by_role("button", name="Stop", exact=True)
    during_run: list[list[object]] = []
    for _ in range(20):
        streaming.wait_for_timeout(50)
        if not stop.is_visible():
            break
        during_run = [each for each in trees if each]
    assert during_run
    assert len(during_run[-1]) <= MOST_LAYERS
