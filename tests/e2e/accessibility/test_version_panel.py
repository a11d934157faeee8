"""The versions of a flow: the panel, a drawn version, a comparison, and the dialogs."""

from typing import Any

from playwright.sync_api import Page

from bench.canvas import POST_SCRIPT
from tests.e2e.accessibility.audit import Audit
from tests.e2e.conftest import Server

START = {"id": "trigger", "action": "chat.completion_trigger", "properties": {}, "position": {"x": 0, "y": 0}}
GIVE = {"id": "give", "action": "control.yield_return", "position": {"x": 320, "y": 0}}
NOTE = {"id": "note", "text": "Why", "position": {"x": 0, "y": 300}}


def draw(nodes: list[Any], notes: list[Any]) -> dict[str, Any]:
    return {"schema": 1, "nodes": nodes, "edges": [], "notes": notes}


SAVE_SCRIPT = """async ([flow, graph]) => (await fetch(`/api/v1/flows/${flow}/graph`, {
  method: "PUT", body: JSON.stringify({ revision: 1, graph }),
  headers: { "Content-Type": "application/json", "X-CSRFToken": document.cookie.match(/csrftoken=([^;]+)/)[1] },
})).status"""


def test_versions(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/flows")
    graphs = [
        draw([START, {**GIVE, "properties": {"value": "one"}}], [NOTE]),
        draw([{**GIVE, "properties": {"value": "two"}}], []),
    ]
    flow = page.evaluate(POST_SCRIPT, ["flows", {"name": "Answer", "graph": graphs[0]}])["id"]
    assert page.evaluate(SAVE_SCRIPT, [flow, graphs[1]]) == 200
    page.goto(f"{server.url}/flows/{flow}")
    page.get_by_role("button", name="Versions", exact=True).click()
    page.get_by_role("button", name="More about version 1").wait_for()
    audit.judge_in_all_sizes("the versions")
    audit.judge_focus("the versions")
    page.get_by_role("button", name="More about version 1").click()
    page.get_by_role("menuitem", name="Compare with the draft").click()
    page.get_by_role("deletion").wait_for()
    audit.judge_in_all_sizes("two versions compared")
    page.get_by_role("button", name="Back to the draft").click()
    page.get_by_role("button", name="More about version 1").click()
    page.get_by_role("menuitem", name="Name").click()
    page.get_by_role("dialog").wait_for()
    audit.judge("a version that is named")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="More about version 1").click()
    page.get_by_role("menuitem", name="Show").click()
    page.get_by_role("button", name="Restore").wait_for()
    audit.judge("a version that is drawn")
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("Nothing is published there yet").wait_for()
    audit.judge("a version that is published")
