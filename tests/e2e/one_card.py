"""A flow with one card: opens it, renames the card, and looks at what the server has stored."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.building import node
from tests.e2e.conftest import WAIT_LIMIT_MS, Server

STORED_TITLES = """async (flow) => {
  const { graph } = await (await fetch(`/api/v1/flows/${flow}`)).json();
  return graph.nodes.map((node) => node.properties.title ?? node.action);
}"""


def open_flow(page: Page, server: Server, flow: str) -> Page:
    page.set_default_timeout(WAIT_LIMIT_MS)
    page.goto(f"{server.url}/flows/{flow}")
    expect(page.locator(".react-flow__node")).to_have_count(1)
    return page


def rename(page: Page, title: str) -> None:
    """Give the only card another title."""
    page.locator(".react-flow__node").press("F2")
    field = page.get_by_role("textbox", name="Title", exact=True).first
    field.fill(title)
    field.press("Enter")
    expect(node(page, title)).to_be_visible()


def list_stored_titles(page: Page, flow: str) -> Any:
    return page.evaluate(STORED_TITLES, flow)
