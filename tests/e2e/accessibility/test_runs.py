"""The editor with a run: while it streams, done, failed, refused, read event by event; and when the server is away."""

import re
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from bench.canvas import POST_SCRIPT
from tests.e2e.accessibility.audit import DESK, PHONE, Audit
from tests.e2e.building import node, select
from tests.e2e.chat_flow import build_chat_graph, open_chat_flow
from tests.e2e.conftest import Server

"""Long, because other work on the host goes before."""
QUESTIONS = ("What is a weir?", "And a sluice?")
SAVE_THEIRS = """async (flow) => {
  const token = document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "";
  const { graph, revision } = await (await fetch(`/api/v1/flows/${flow}`)).json();
  graph.nodes[0].properties.title = "Theirs";
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  await fetch(`/api/v1/flows/${flow}/graph`, { method: "PUT", headers, body: JSON.stringify({ revision, graph }) });
}"""


def wait_for_end(page: Page) -> None:
    page.get_by_role("button", name="Run", exact=True).wait_for()


def list_turns(page: Page) -> Locator:
    return page.get_by_role("tabpanel", name="Client sees").get_by_role("article")


@pytest.fixture(scope="module")
def chat(person: BrowserContext, server: Server) -> str:
    """The address of a chat flow with a conversation of two turns."""
    page = person.new_page()
    page.goto(f"{server.url}/flows")
    flow = open_chat_flow(page, server)
    for number, question in enumerate(QUESTIONS):
        page.get_by_placeholder("Ask as the client would").fill(question)
        page.keyboard.press("Enter")
        turn = list_turns(page).nth(number)
        expect(turn).to_contain_text("Completed")
    page.close()
    return f"{server.url}/flows/{flow}"


@pytest.fixture
def done(page: Page, chat: str) -> Page:
    """The editor with the conversation, whose last run is done."""
    page.goto(chat)
    expect(list_turns(page)).to_have_count(len(QUESTIONS))
    page.get_by_text("Completed").first.wait_for()
    return page


def build_long_graph(page: Page) -> dict[str, Any]:
    """Return a chat that asks the model again and again, so that its run goes on until somebody stops it."""
    trigger, _, answer, *_ = build_chat_graph(page, {})["nodes"]
    del answer["properties"]["history"]
    answers = [{**answer, "id": f"answer{at}", "position": {"x": 320 * at, "y": 80}} for at in range(1, 21)]
    ends = {"kind": "execution", "source_port": "continue", "target_port": "in"}
    edges = [
        {**ends, "id": f"to_{after['id']}", "source": before["id"], "target": after["id"]}
        for before, after in pairwise([trigger, *answers])
    ]
    return {"schema": 1, "nodes": [trigger, *answers], "edges": edges, "notes": []}


def test_a_run_that_goes_on(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/flows")
    flow = page.evaluate(POST_SCRIPT, ["flows", {"name": "Goes on", "graph": build_long_graph(page)}])
    page.goto(f"{server.url}/flows/{flow['id']}")
    page.get_by_role("button", name="Run", exact=True).click()
    node(page, "Streaming chat completion").get_by_text("You asked").first.wait_for()
    audit.judge("a run that streams")
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    flows = page.context.new_page()
    flows.goto(f"{server.url}/flows")
    flows.get_by_role("button", name="More for Goes on").click()
    flows.get_by_role("menuitem", name="Delete").click()
    flows.get_by_role("alertdialog").get_by_text("because a run goes on").wait_for()
    refused = Audit(flows)
    refused.judge("a flow that runs and cannot be deleted")
    audit.faults += refused.faults
    flows.close()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_text("Cancelled").first.wait_for()
    audit.judge("a run that was stopped")


def test_a_run_that_is_done(done: Page, audit: Audit) -> None:
    audit.judge_in_all_sizes("a run that is done")
    done.get_by_role("button", name="Raw text").click()
    audit.judge("answers as raw text")
    done.get_by_role("button", name="Raw text").click()
    done.get_by_role("button", name=re.compile("^session")).click()
    done.get_by_role("menuitemradio").first.wait_for()
    audit.judge("the sessions")
    done.keyboard.press("Escape")
    done.get_by_role("button", name=re.compile("^Show run")).first.click()
    done.get_by_role("status").filter(has_text="An older run").wait_for()
    audit.judge_in_all_sizes("an older run")
    audit.judge_focus("an older run")


def test_events_history_and_values(done: Page, audit: Audit) -> None:
    for tab in ("Events", "Runs", "Problems"):
        done.get_by_role("tab", name=tab).click()
        done.get_by_role("tabpanel", name=tab).wait_for()
        audit.judge_in_all_sizes(f"the tab {tab}")
    done.get_by_role("tab", name="Client sees").click()
    select(done, "Streaming chat completion")
    panel = done.get_by_role("complementary", name="Properties")
    panel.get_by_role("tab", name="Last run").click()
    panel.get_by_role("region", name="Received").wait_for()
    audit.judge_in_all_sizes("what a card received and gave")
    audit.judge_focus("what a card received and gave")
    select(done, "Streaming chat completion")
    done.get_by_role("tab", name="Client sees").click()
    panel.get_by_role("tab", name="Last run").click()
    panel.get_by_role("radio", name="Text").click()
    audit.judge("what a card received and gave, as text")
    panel.get_by_role("tab", name="Outputs").click()
    audit.judge("the outputs of a card")
    panel.get_by_role("tab", name="Properties").click()
    select(done, "Chat completion trigger")
    panel.get_by_role("region", name="Call this flow").wait_for()
    audit.judge("how a flow is called")
    done.keyboard.press("Escape")


def test_a_run_that_failed(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/flows")
    open_chat_flow(page, server, answer={"model_id": "no-such-model"})
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("Failed").first.wait_for()
    audit.judge_in_all_sizes("a run that failed")


def test_a_run_that_is_refused(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/flows")
    open_chat_flow(page, server, answer={"model_id": ""})
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("Not run").first.wait_for()
    audit.judge("a run that is refused")


def test_a_conflict(page: Page, server: Server, audit: Audit) -> None:
    page.goto(f"{server.url}/flows")
    page.evaluate(SAVE_THEIRS, open_chat_flow(page, server))
    node(page, "Yield return").press("d")
    page.get_by_text("This flow was saved elsewhere.").wait_for()
    audit.judge_in_all_sizes("a flow that was saved elsewhere")
    page.set_viewport_size(PHONE)
    page.get_by_role("complementary", name="Properties").wait_for()
    page.get_by_role("button", name="Keep mine").click(trial=True)
    page.set_viewport_size(DESK)
    page.get_by_role("button", name="Keep mine").click()
    page.get_by_role("alertdialog").wait_for()
    audit.judge("asking before theirs is replaced")


def test_offline_and_signed_out(page: Page, server: Server, audit: Audit) -> None:
    """It takes the session away, so it is the last one of the module."""
    page.goto(f"{server.url}/flows")
    open_chat_flow(page, server)
    page.context.set_offline(True)
    page.get_by_text("This device is offline.").wait_for()
    audit.judge_in_all_sizes("offline")
    page.context.set_offline(False)
    expect(page.get_by_text("This device is offline.")).to_have_count(0)
    page.context.clear_cookies()
    node(page, "Yield return").press("d")
    page.get_by_text("You are signed out.").wait_for()
    audit.judge_in_all_sizes("signed out")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("dialog", name="Sign in again").wait_for()
    audit.judge("signing in again")
