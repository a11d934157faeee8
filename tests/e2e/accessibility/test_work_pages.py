"""What was added to the pages later: the queue, storage, the chat page's dialog, and the names of sessions."""

import re
from typing import Any

from playwright.sync_api import Page

from bench.canvas import POST_SCRIPT
from tests.e2e.accessibility.audit import Audit
from tests.e2e.chat_flow import open_chat_flow
from tests.e2e.conftest import Server
from tests.e2e.rest_calls import send
from tests.e2e.runs import expect_run


def create_schedule(page: Page) -> None:
    """Publish a flow that starts by itself, so that the queue has a row."""
    nodes = [
        {"id": "start", "action": "schedule.trigger", "properties": {}, "position": {"x": 0, "y": 0}},
        {"id": "end", "action": "control.return", "properties": {"value": "Good."}, "position": {"x": 320, "y": 0}},
    ]
    ends = {"source": "start", "source_port": "continue", "target": "end", "target_port": "in"}
    graph: dict[str, Any] = {"schema": 1, "nodes": nodes, "edges": [], "notes": []}
    graph["edges"].append({"id": "e", "kind": "execution", **ends})
    flow = page.evaluate(POST_SCRIPT, ["flows", {"name": "Every morning", "graph": graph}])
    publish(page, flow["id"])


def publish(page: Page, flow: str) -> None:
    send(page, "POST", f"/api/v1/flows/{flow}/versions/1/publish", {"environment": "production", "note": ""})


def test_the_queue(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/queue")
    page.get_by_role("heading", level=1).wait_for()
    audit.judge_in_all_sizes("the queue of a workspace without schedules")
    create_schedule(page)
    page.reload()
    page.get_by_role("table", name="Schedules").get_by_role("row", name="Every morning").wait_for()
    audit.judge_in_all_sizes("the queue")
    audit.judge_focus("the queue")


def test_storage(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/flows")
    page.get_by_role("button", name="theme and signing out").click()
    page.get_by_role("menuitem", name="Storage").click()
    page.get_by_role("region", name="Use").wait_for()
    page.get_by_label("Age", exact=True).wait_for()
    audit.judge_in_all_sizes("storage")
    audit.judge_focus("storage")


def test_the_chat_page_of_a_flow(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/flows")
    page.evaluate("localStorage.clear()")
    flow = open_chat_flow(page, server)
    page.get_by_role("button", name="Chat page", exact=True).click()
    dialog = page.get_by_role("dialog", name="Chat page")
    for tab in dialog.get_by_role("tab").all():
        tab.click()
        audit.judge_in_all_sizes(f"the chat page, {tab.inner_text()}")
    dialog.get_by_role("tab").first.click()
    dialog.get_by_label("Who may use it").select_option(label="Anybody with the link")
    audit.judge_focus("the chat page")
    dialog.get_by_role("button", name="Save", exact=True).click()
    dialog.get_by_text("Publish it first.").wait_for()
    audit.judge("the chat page of a flow that is not published")
    publish(page, flow)
    dialog.get_by_role("button", name="Save", exact=True).click()
    dialog.get_by_role("link").wait_for()
    audit.judge("the chat page with its link")


def test_sessions_and_their_names(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/flows")
    open_chat_flow(page, server)
    page.get_by_placeholder("Ask as the client would").fill("What is a weir?")
    page.keyboard.press("Enter")
    expect_run(page)
    page.get_by_role("button", name=re.compile("^session")).last.click()
    page.get_by_role("menuitem", name="Name session").click()
    page.get_by_role("dialog", name="Name session").wait_for()
    audit.judge_in_all_sizes("a session that is named")
    page.keyboard.type("Weirs")
    page.keyboard.press("Escape")
    page.get_by_text("Discard what you typed?").wait_for()
    audit.judge("asking before the name of a session is lost")
