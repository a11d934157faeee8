"""What a node received and gave, read in the property panel: whole, pass by pass, from an event, after a failure."""

import json

import pytest
from playwright.sync_api import Locator, Page, expect

from bench.canvas import POST_SCRIPT
from tests.e2e.conftest import Server
from tests.e2e.runs import expect_run

QUESTION = "When does the miller close the sluice gate?"


@pytest.fixture
def documents(signed_in: Page) -> Page:
    """The demo's flow with documents, after a run of it."""
    signed_in.get_by_role("link", name="Chat with your documents", exact=True).click()
    signed_in.get_by_role("button", name="Run", exact=True).click()
    expect_run(signed_in)
    return signed_in


def open_tab(page: Page, node: str, tab: str) -> Locator:
    page.locator(".react-flow__node", has_text=node).first.click()
    panel = page.get_by_role("complementary", name="Properties")
    panel.get_by_role("tab", name=tab).click()
    return panel.get_by_role("tabpanel", name=tab)


def test_the_hits_and_the_prompt_are_read_whole(documents: Page) -> None:
    search = open_tab(documents, "Search vectors", "Last run")
    expect(search.get_by_role("region", name="Received")).to_contain_text(QUESTION[:30])
    gave = search.get_by_role("region", name="Gave")
    gave.get_by_role("button", name="0 ").first.click()
    expect(gave.get_by_role("button", name="text ").first).to_be_visible()
    answer = open_tab(documents, "Streaming chat completion", "Last run")
    received = answer.get_by_role("region", name="Received")
    expect(received.get_by_text("chatCompletionRequest.prompt")).to_be_visible()
    received.get_by_role("radio", name="Text").click()
    expect(received.get_by_text(QUESTION, exact=True)).to_be_visible()


def test_an_event_opens_the_pass_that_it_tells_of(documents: Page) -> None:
    documents.get_by_role("tab", name="Events").click()
    events = documents.get_by_label("Events", exact=True)
    events.evaluate("list => list.scrollTo(0, 24 * 20)")
    expect(events.get_by_text("21", exact=True)).to_be_visible()
    number = events.get_by_role("button", name="item").nth(3).locator("span").first.inner_text()
    # The rows are drawn anew while the list scrolls: by its number, it stays the same row.
    row = events.get_by_role("button").filter(has=documents.get_by_text(number, exact=True))
    text = json.loads(row.locator("span").last.inner_text())
    row.click()
    panel = documents.get_by_role("complementary", name="Properties")
    values = panel.get_by_role("tabpanel", name="Last run")
    expect(values.get_by_role("group", name="Pass")).to_be_visible()
    shown = int(values.get_by_label("Pass", exact=False).locator("input").input_value())
    assert shown > 1
    values.get_by_role("region", name="Received").get_by_role("radio", name="Text").click()
    expect(values.locator("pre").first).to_contain_text(json.dumps(text, ensure_ascii=False).strip('"'))
    values.get_by_role("button", name="Pass before").click()
    expect(values.locator("input")).to_have_value(str(shown - 1))


def test_arrows_go_from_tab_to_tab_and_the_tab_is_kept(documents: Page) -> None:
    open_tab(documents, "Search vectors", "Last run")
    documents.keyboard.press("ArrowRight")
    panel = documents.get_by_role("complementary", name="Properties")
    outputs = panel.get_by_role("tabpanel", name="Outputs")
    expect(outputs.get_by_text("searchResult", exact=True)).to_be_visible()
    expect(outputs.get_by_role("button", name="Copy {{ searchResult }}")).to_be_visible()
    documents.locator(".react-flow__node", has_text="Get chat history").first.click()
    expect(panel.get_by_role("tabpanel", name="Outputs")).to_be_visible()


def test_a_failed_node_tells_its_error_and_what_it_had_received(signed_in: Page, server: Server) -> None:
    trigger = {"id": "start", "action": "chat.completion_trigger", "properties": {}, "position": {"x": 0, "y": 80}}
    message = "It ends here: {{ chatCompletionRequest.prompt }}"
    throw = {
        "id": "end",
        "action": "control.throw",
        "properties": {"message": message},
        "position": {"x": 320, "y": 80},
    }
    ends = {"source": "start", "source_port": "continue", "target": "end", "target_port": "in"}
    graph = {"schema": 1, "nodes": [trigger, throw], "edges": [{"id": "e", "kind": "execution", **ends}], "notes": []}
    flow = signed_in.evaluate(POST_SCRIPT, ["flows", {"name": "Fails", "graph": graph}])
    signed_in.goto(f"{server.url}/flows/{flow['id']}")
    values = open_tab(signed_in, "Throw", "Last run")
    expect(values).to_contain_text("Run the flow, or choose one under Runs")
    signed_in.get_by_role("button", name="Run", exact=True).click()
    expect(values.get_by_text("Failed")).to_be_visible()
    received = values.get_by_role("region", name="Received")
    received.get_by_role("radio", name="Text").click()
    expect(received.get_by_text("It ends here: Hello", exact=True)).to_be_visible()
    expect(received.get_by_text(message, exact=True)).to_be_visible()
