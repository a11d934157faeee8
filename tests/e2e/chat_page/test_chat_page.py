"""A colleague without an account uses the chat page of the demo's flow through its link, in a browser of his own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.accessibility.audit import AXE_SCRIPT, DESK, Audit

LONG_QUESTION = f"{'When does the miller close the sluice gate, and who opens it again in the spring? ' * 30}Why?"
"""The simulator repeats it: the answer goes on while the page is loaded again."""
ANSWER_LIMIT_MS = 120_000


@pytest.fixture
def link(signed_in: Page) -> str:
    """The link of the page, as the editor shows it after it was opened."""
    signed_in.set_default_timeout(ANSWER_LIMIT_MS)
    signed_in.get_by_role("link", name="Chat with your documents", exact=True).click()
    publish_with_sources(signed_in)
    signed_in.get_by_role("button", name="Chat page", exact=True).click()
    dialog = signed_in.get_by_role("dialog", name="Chat page")
    expect(dialog).to_be_visible()
    if dialog.get_by_role("link").count() == 0:  # another test of the same server may have opened it
        dialog.get_by_label("Who may use it").select_option(label="Anybody with the link")
        dialog.get_by_label("Title").fill("Mill desk")
        dialog.get_by_label("Questions to begin with").fill("When does the miller close the sluice gate?")
        dialog.get_by_role("button", name="Save").click()
    address = dialog.get_by_role("link")
    expect(address).to_be_visible()
    return address.inner_text()


def publish_with_sources(editor: Page) -> None:
    """Let the model of the flow name its sources, and publish that."""
    editor.locator(".react-flow__node", has_text="Streaming chat completion").click()
    sources = editor.get_by_role("switch", name="Enable Citations")
    if sources.is_checked():
        return
    sources.click()
    editor.get_by_role("button", name="Publish", exact=True).click()
    dialog = editor.get_by_role("dialog")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(dialog).to_have_count(0)


@pytest.fixture
def guest(browser: Browser, link: str) -> Iterator[Page]:
    """The page in a browser that nobody has signed in with."""
    context = browser.new_context(viewport=DESK, reduced_motion="reduce", color_scheme="light")
    context.add_init_script(path=AXE_SCRIPT)
    page = context.new_page()
    page.set_default_timeout(ANSWER_LIMIT_MS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(link)
    yield page
    context.close()
    assert errors == []


def ask(page: Page, question: str) -> None:
    page.get_by_role("textbox", name="Ask a question").fill(question)
    page.keyboard.press("Enter")


def last_turn(page: Page) -> Locator:
    return page.get_by_role("article").last


def wait_for_answer(page: Page) -> None:
    expect(last_turn(page).get_by_role("button", name="Copy the answer")).to_be_visible(timeout=ANSWER_LIMIT_MS)


def test_three_turns_with_sources_a_reload_in_mid_answer_and_a_draft_that_changes_nothing(
    signed_in: Page, guest: Page
) -> None:
    audit = Audit(guest)
    expect(guest.get_by_role("heading", name="Mill desk", exact=True)).to_be_visible()
    audit.judge_in_all_sizes("welcome")
    guest.get_by_role("button", name="When does the miller close the sluice gate?").click()
    wait_for_answer(guest)
    expect(last_turn(guest).get_by_role("list", name="Sources").get_by_role("listitem").first).to_be_visible()
    ask(guest, "Who repairs the race?")
    expect(guest.get_by_role("article")).to_have_count(2)
    wait_for_answer(guest)
    expect(last_turn(guest).get_by_role("list", name="Sources")).to_be_visible()
    audit.judge_in_all_sizes("two turns")
    audit.judge_focus("two turns")

    signed_in.get_by_role("button", name="Close", exact=True).first.click()
    signed_in.get_by_role("switch", name="Enable Citations").click()
    expect(signed_in.get_by_text("Saved", exact=True)).to_be_visible()

    ask(guest, LONG_QUESTION)
    expect(guest.get_by_role("button", name="Stop")).to_be_visible()
    expect(last_turn(guest).get_by_text("You asked")).to_be_visible()
    guest.reload()
    expect(guest.get_by_role("article")).to_have_count(3)
    expect(guest.get_by_role("button", name="Stop")).to_be_visible()
    wait_for_answer(guest)
    expect(last_turn(guest)).to_contain_text("You asked")
    expect(last_turn(guest).get_by_role("list", name="Sources")).to_be_visible()
    assert audit.faults == []

    guest.get_by_role("button", name="Chats", exact=True).click()
    chats = guest.get_by_role("navigation", name="Chats")
    expect(chats.get_by_role("button", name="When does the miller close the sluice gate?", exact=True)).to_be_visible()
    audit.judge("chats")
    assert audit.faults == []


def test_a_closed_page_says_so_in_words(signed_in: Page, guest: Page) -> None:
    dialog = signed_in.get_by_role("dialog", name="Chat page")
    dialog.get_by_label("Who may use it").select_option(label="Nobody")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("link")).to_have_count(0)
    ask(guest, "Who repairs the race?")
    expect(guest.get_by_role("alert")).to_contain_text("There is no chat at this address for you.")
    guest.reload()
    expect(guest.get_by_role("link", name="Sign in")).to_be_visible()
    audit = Audit(guest)
    audit.judge("closed")
    assert audit.faults == []
