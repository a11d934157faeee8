"""A builder publishes, draws on, compares, rolls back and restores; a program calls what is published all the while."""

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bench.canvas import POST_SCRIPT
from tests.e2e.accessibility.audit import AXE_SCRIPT, Audit
from tests.e2e.building import node, select
from tests.e2e.chat_page.pictures import take_picture
from tests.e2e.conftest import WAIT_LIMIT_MS, Server

Ask = Callable[[], tuple[str, str]]


@pytest.fixture
def flow(signed_in: Page, server: Server) -> str:
    """A flow that answers with "one", open in the editor."""
    signed_in.add_init_script(path=AXE_SCRIPT)
    nodes = [
        {"id": "trigger", "action": "chat.completion_trigger", "properties": {}, "position": {"x": 0, "y": 0}},
        {
            "id": "give",
            "action": "control.yield_return",
            "properties": {"value": "one"},
            "position": {"x": 320, "y": 0},
        },
    ]
    order = {"source": "trigger", "source_port": "continue", "target": "give", "target_port": "in"}
    edges = [{"id": "order", "kind": "execution", **order}]
    graph = {"schema": 1, "nodes": nodes, "edges": edges, "notes": []}
    made = signed_in.evaluate(POST_SCRIPT, ["flows", {"name": "Answer", "graph": graph}])
    signed_in.goto(f"{server.url}/flows/{made['id']}")
    expect(node(signed_in, "Yield return")).to_be_visible()
    return str(made["id"])


@pytest.fixture
def ask(signed_in: Page, server: Server, flow: str) -> Ask:
    """Call the flow as a program with a key of production does.

    Returns the answer, or the code of its refusal, and the version.
    """
    made = signed_in.evaluate(POST_SCRIPT, ["api-keys", {"name": "Site", "policies": ["execute"]}])
    headers = {"Authorization": f"Bearer {made['key']}"}

    def call() -> tuple[str, str]:
        url = f"{server.url}/api/v1/flows/{flow}/run"
        answer = httpx.post(url, json={"prompt": "x"}, headers=headers, timeout=30)
        told = answer.json()
        return told["text"] if answer.is_success else told["error"]["code"], answer.headers.get("X-Flow-Version", "")

    return call


def change_answer(page: Page, value: str) -> None:
    """Write another answer into the draft, and wait until it is saved."""
    select(page, "Yield return")
    page.get_by_role("textbox", name="Value").fill(value)
    page.get_by_role("textbox", name="Value").blur()
    expect(page.get_by_role("status").get_by_text("Saved", exact=True)).to_be_visible()


def publish(page: Page, note: str) -> None:
    page.get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Note").fill(note)
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(dialog).not_to_be_visible()
    expect(page.get_by_text(re.compile(r"^Production runs version \d+$")).last).to_be_visible()


def open_versions(page: Page) -> Locator:
    page.get_by_role("button", name="Versions", exact=True).click()
    return page.get_by_role("complementary", name="Versions")


def choose(page: Page, number: int, command: str) -> None:
    page.get_by_role("button", name=f"More about version {number}").click()
    page.get_by_role("menuitem", name=command).click()


def test_a_draft_reaches_no_program_until_it_is_published(signed_in: Page, ask: Ask) -> None:
    assert ask() == ("not_published", "")
    publish(signed_in, "The first one")
    assert ask() == ("one", "1")
    change_answer(signed_in, "two")
    assert ask() == ("one", "1")
    publish(signed_in, "Another answer")
    answer, version = ask()
    assert answer == "two"
    versions = open_versions(signed_in)
    versions.get_by_role("button", name="Roll back production").click()
    expect(signed_in.get_by_text("Production runs version 1 again", exact=True)).to_be_visible()
    assert ask() == ("one", "1")
    signed_in.get_by_role("button", name="Undo").last.click()
    expect(versions.get_by_role("definition").get_by_text(f"Version {version}", exact=True)).to_be_visible()
    assert ask() == ("two", version)


def test_versions_are_drawn_compared_and_restored(signed_in: Page, ask: Ask) -> None:
    publish(signed_in, "The first one")
    change_answer(signed_in, "two")
    versions = open_versions(signed_in)
    choose(signed_in, 1, "Compare with the draft")
    expect(signed_in.get_by_text("1 changed.")).to_be_visible()
    expect(node(signed_in, "Yield return").get_by_text("Changed")).to_be_visible()
    changes = versions.get_by_role("region", name="Changes")
    expect(changes.get_by_role("deletion")).to_have_text("one")
    expect(changes.get_by_role("insertion")).to_have_text("two")
    signed_in.get_by_role("button", name="Back to the draft").click()
    expect(node(signed_in, "Yield return").get_by_text("two")).to_be_visible()
    choose(signed_in, 1, "Restore")
    expect(signed_in.get_by_text("Version 1 is the draft", exact=True)).to_be_visible()
    expect(node(signed_in, "Yield return").get_by_text("one")).to_be_visible()
    signed_in.reload()
    expect(node(signed_in, "Yield return").get_by_text("one")).to_be_visible()
    assert ask() == ("one", "1")


def test_any_two_versions_are_compared_and_the_address_holds_both(signed_in: Page, flow: str, server: Server) -> None:
    for value in ("two", "three"):
        change_answer(signed_in, value)
    versions = open_versions(signed_in)
    last = int(re.findall(r"\d+", versions.get_by_role("definition").get_by_text("The draft").inner_text())[0])
    choose(signed_in, last, f"Compare with version {last - 1}")
    changes = versions.get_by_role("region", name="Changes")
    expect(changes.get_by_role("insertion")).to_have_text("three")
    start = changes.get_by_role("combobox", name="From")
    start.focus()
    start.press("End")  # the oldest one
    expect(changes.get_by_role("heading")).to_have_text("From version 1 to the draft")
    expect(changes.get_by_role("deletion")).to_have_text("one")
    changes.get_by_role("combobox", name="To").select_option(label=f"Version {last - 1}")
    expect(changes.get_by_role("insertion")).to_have_text("two")
    expect(signed_in).to_have_url(f"{server.url}/flows/{flow}?from=1&to={last - 1}")
    signed_in.reload()
    expect(changes.get_by_role("insertion")).to_have_text("two")
    signed_in.emulate_media(reduced_motion="reduce")
    audit = Audit(signed_in)
    audit.judge_in_all_sizes("comparison")
    take_picture(signed_in, "compare-two-versions")
    changes.get_by_role("button", name="Swap").click()
    expect(changes.get_by_role("insertion")).to_have_text("one")
    assert audit.faults == []
    signed_in.goto(f"{server.url}/flows/{flow}?from=999&to=draft")
    expect(signed_in.get_by_text("This flow has no version 999, or has it no more.", exact=True)).to_be_visible()
    expect(signed_in).to_have_url(f"{server.url}/flows/{flow}")


def test_a_chat_page_answers_with_what_is_published_through_a_change_and_a_roll_back(
    signed_in: Page, flow: str, browser: Browser
) -> None:
    publish(signed_in, "The first one")
    signed_in.get_by_role("button", name="Chat page", exact=True).click()
    dialog = signed_in.get_by_role("dialog", name="Chat page")
    dialog.get_by_label("Who may use it").select_option(label="Anybody with the link")
    dialog.get_by_role("button", name="Save").click()
    address = dialog.get_by_role("link").inner_text()
    dialog.get_by_role("button", name="Close", exact=True).first.click()
    with browser.new_context() as context:
        guest = context.new_page()
        guest.set_default_timeout(WAIT_LIMIT_MS)
        guest.goto(address)
        expect_answer(guest, "one")
        change_answer(signed_in, "two")
        expect_answer(guest, "one")
        publish(signed_in, "Another answer")
        expect_answer(guest, "two")
        versions = open_versions(signed_in)
        choose(signed_in, 1, "Compare with the draft")
        changes = versions.get_by_role("region", name="Changes")
        expect(changes.get_by_role("insertion")).to_have_text("two")
        signed_in.get_by_role("button", name="Back to the draft").click()
        versions.get_by_role("button", name="Roll back production").click()
        expect(signed_in.get_by_text("Production runs version 1 again", exact=True)).to_be_visible()
        expect_answer(guest, "one")


def expect_answer(guest: Page, answer: str) -> None:
    """Ask on the chat page, and wait for the whole answer."""
    turns = guest.get_by_role("article")
    box = guest.get_by_role("textbox", name="Ask a question")
    expect(box).to_be_visible()
    before = turns.count()
    box.fill("What now?")
    guest.keyboard.press("Enter")
    expect(turns).to_have_count(before + 1)
    expect(turns.last.get_by_role("button", name="Copy the answer")).to_be_visible()
    expect(turns.last.get_by_text(answer, exact=True)).to_be_visible()


def test_a_run_is_shown_on_the_version_that_it_executed(signed_in: Page, ask: Ask) -> None:
    publish(signed_in, "The first one")
    assert ask() == ("one", "1")
    change_answer(signed_in, "two")
    signed_in.reload()
    signed_in.get_by_role("tab", name="Runs").click()
    signed_in.get_by_role("button", name=re.compile("version 1 ")).click()
    expect(signed_in.get_by_text("Version 1 is drawn, and cannot be edited.")).to_be_visible()
    expect(node(signed_in, "Yield return").get_by_text("one")).to_be_visible()
    expect(signed_in.get_by_role("button", name="Run", exact=True)).not_to_be_visible()
    signed_in.get_by_role("button", name="Back to the draft").click()
    expect(node(signed_in, "Yield return").get_by_text("two")).to_be_visible()


def test_a_draft_with_problems_is_not_published(signed_in: Page, ask: Ask) -> None:
    change_answer(signed_in, "")
    signed_in.get_by_role("button", name="Publish", exact=True).click()
    dialog = signed_in.get_by_role("dialog")
    expect(dialog.get_by_text("1 problem: Value is required.")).to_be_visible()
    dialog.get_by_role("button", name="Publish", exact=True).click(force=True)
    expect(dialog).to_be_visible()
    assert ask() == ("not_published", "")
