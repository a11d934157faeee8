"""A colleague without an account uses the chat page of the demo's flow through its link, in a browser of his own."""

from playwright.sync_api import Page, expect

from tests.e2e.accessibility.audit import Audit
from tests.e2e.chat_page.asking import ask, last_turn, wait_for_answer

LONG_QUESTION = f"{'When does the miller close the sluice gate, and who opens it again in the spring? ' * 30}Why?"
"""The simulator repeats it: the answer goes on while the page is loaded again."""


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
