"""Messages arrive in one card; all others hold still."""

import re

import pytest
from playwright.sync_api import Page, expect

from bench.canvas import COUNTER_SCRIPT, POST_SCRIPT, build_graph, measure
from tests.e2e.conftest import Server

SIZE = 40


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
    flow = page.evaluate(POST_SCRIPT, ["flows", {"name": "Many nodes", "graph": build_graph(simulator, SIZE)}])
    page.goto(f"{server.url}/flows/{flow['id']}")
    expect(page.locator(".react-flow__node")).to_have_count(SIZE)
    return page


def test_a_message_renders_no_card_but_those_it_passes(streaming: Page) -> None:
    reading = measure(streaming, ms=1_500)
    assert reading.messages > 0
    assert set(reading.cards) == {"answer", "yield"}
    assert reading.edges == {}
