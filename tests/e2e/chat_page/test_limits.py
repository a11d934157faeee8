"""The limits of a chat page, set in the dialog and told to a visitor."""

from playwright.sync_api import Page, expect

from tests.e2e.accessibility.audit import AXE_SCRIPT, DESK, PHONE, Audit
from tests.e2e.chat_page.asking import ask, last_turn, wait_for_answer
from tests.e2e.chat_page.pictures import take_picture


def test_a_visitor_beyond_a_limit_is_told_when_to_try_again(signed_in: Page, guest: Page) -> None:
    dialog = signed_in.get_by_role("dialog", name="Chat page")
    dialog.get_by_role("tab", name="Limits").click()
    minute = dialog.get_by_label("Runs per minute")
    minute.fill("none")
    expect(dialog.get_by_text("Runs per minute is a whole number from 1, or empty.").first).to_be_visible()
    minute.fill("1")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Saved.")).to_be_visible()
    signed_in.emulate_media(reduced_motion="reduce")
    signed_in.evaluate(AXE_SCRIPT.read_text())
    audit = Audit(signed_in)
    audit.judge_part("limits", "[role=dialog]")
    assert audit.faults == []
    take_picture(signed_in, "dialog-limits")
    signed_in.set_viewport_size(PHONE)
    take_picture(signed_in, "dialog-limits-narrow")
    signed_in.set_viewport_size(DESK)

    ask(guest, "Who repairs the race?")
    wait_for_answer(guest)
    ask(guest, "Who opens the gate?")
    refusal = last_turn(guest).get_by_role("alert")
    expect(refusal).to_contain_text("This chat has had as many questions as it takes in a minute. Try again in")
    take_picture(guest, "page-limit")
    minute.fill("")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Saved.")).to_be_visible()
    ask(guest, "Who opens the gate?")
    wait_for_answer(guest)
