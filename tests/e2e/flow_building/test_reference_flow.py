"""The flow that Millrace exists for, drawn by hand: search, history, a streamed answer, and what was said is saved."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.building import bind, expect_bound, node, select, wait_for_rest
from tests.e2e.conftest import Server
from tests.e2e.runs import expect_run

STEPS = ("Chat completion trigger", "Search vectors", "Get chat history", "Streaming chat completion", "Yield return")
HELPERS = {"Search vectors": "Built-in text embedder", "Streaming chat completion": "History truncation reducer"}
DOCUMENTS = {
    "ferry.md": "# The ferry\n\nThe ferry to Lowbank leaves at a quarter past every hour. It carries forty people.",
    "bakery.txt": "The bakery opens at six. Its rye bread is baked on Tuesdays and Fridays.",
}


def make_collection(page: Page, server: Server, folder: Path) -> None:
    """Create a collection and upload two documents, and wait until both can be found."""
    page.goto(f"{server.url}/collections")
    page.get_by_role("button", name="New collection").first.click()
    page.get_by_label("Name").fill("Village")
    page.get_by_role("button", name="Create").click()
    page.get_by_role("link", name="Village").or_(page.get_by_role("heading", name="Village")).first.click()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text)
    page.locator("input[type=file]").set_input_files([folder / name for name in DOCUMENTS])
    for name in DOCUMENTS:
        expect(page.get_by_role("row", name=name)).to_contain_text("Ready")


def attach(page: Page, host: str, helper: str) -> None:
    """Press the + below the host's open diamond, and choose the helper that is offered."""
    expect(page.get_by_role("complementary", name="Properties").get_by_text(host, exact=True).first).to_be_visible()
    wait_for_rest(page)
    node(page, host).hover()
    node(page, host).get_by_role("button", name=re.compile("^Add a ")).first.click()
    page.get_by_role("dialog").get_by_role("option", name=helper).click()
    expect(node(page, helper)).to_be_visible()


def draw_reference(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/flows")
    page.get_by_role("button", name="New flow").click()
    page.get_by_label("Name").fill("Ask the village")
    page.get_by_role("button", name="Create").click()
    palette = page.get_by_role("complementary", name="Actions")
    for title in STEPS:
        palette.get_by_text(title, exact=True).click()
        expect(node(page, title)).to_be_visible()
        if title in HELPERS:
            attach(page, title, HELPERS[title])
            select(page, title)
    select(page, "Streaming chat completion")
    palette.get_by_text("Save chat history", exact=True).click()
    expect(node(page, "Save chat history")).to_be_visible()


def fill_in(page: Page) -> None:
    select(page, "Chat completion trigger")
    page.get_by_role("textbox", name="Test Data").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text('{"prompt": "Hello", "session_id": "visitor-7"}')
    select(page, "Search vectors")
    page.get_by_role("combobox", name="Collection").select_option(label="Village")
    expect_bound(page, "Search Text", "chatCompletionRequest.prompt")
    select(page, "Get chat history")
    expect_bound(page, "Session Id", "chatCompletionRequest.session_id")
    select(page, "Streaming chat completion")
    page.get_by_role("combobox", name="Connection").select_option(label="Simulator")
    page.get_by_role("combobox", name="Model").fill("claude-haiku-5-5")
    page.keyboard.press("Enter")
    expect_bound(page, "User Prompt", "chatCompletionRequest.prompt")
    choose(page, "History", "history")
    bind(page, "Context", "searchResult")
    page.get_by_role("spinbutton", name="Max Completion Tokens").fill("500")
    page.keyboard.press("Tab")
    select(page, "Yield return")
    expect_bound(page, "Value", "message")
    select(page, "Save chat history")
    expect_bound(page, "Session Id", "chatCompletionRequest.session_id")
    expect_bound(page, "User Message", "chatCompletionRequest.prompt")
    expect_bound(page, "Response", "response")
    expect(page.get_by_role("button", name="Problems")).to_have_count(0)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()


def choose(page: Page, title: str, path: str) -> None:
    """Pick a variable for a property that takes nothing else."""
    page.get_by_role("combobox", name=title, exact=True).click()
    page.keyboard.type(path)
    page.keyboard.press("Enter")


def ask(page: Page, question: str) -> None:
    page.get_by_placeholder("Ask as the client would").fill(question)
    page.keyboard.press("Enter")


def test_the_reference_flow_is_drawn_by_hand_and_answers_from_documents(
    signed_in: Page, server: Server, tmp_path: Path
) -> None:
    make_collection(signed_in, server, tmp_path)
    draw_reference(signed_in, server)
    fill_in(signed_in)
    ask(signed_in, "When does the ferry to Lowbank leave?")
    answer = signed_in.get_by_role("tabpanel", name="Client sees")
    expect(answer.get_by_text("You asked").first).to_be_visible()
    expect(signed_in.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    expect(answer.get_by_text("a quarter past every hour").first).to_be_visible()
    expect_run(signed_in)
    ask(signed_in, "And when is the rye bread baked?")
    expect(answer.get_by_text("Tuesdays and Fridays").first).to_be_visible()
    expect(answer.get_by_text("Before that you asked").first).to_be_visible()
    expect_run(signed_in)
