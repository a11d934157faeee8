"""What a visitor thinks of an answer is in the editor's list of runs and in the run, as text and nothing else."""

from playwright.sync_api import Page, expect

from tests.e2e.accessibility.audit import AXE_SCRIPT, Audit
from tests.e2e.chat_page.asking import ask, last_turn, wait_for_answer
from tests.e2e.chat_page.pictures import take_picture

REMARK = "<img src=x onerror=alert(1)> The wrong gate."


def test_members_see_what_a_visitor_thinks_of_an_answer(signed_in: Page, guest: Page) -> None:
    ask(guest, "Which gate is closed at dusk?")
    wait_for_answer(guest)
    last_turn(guest).get_by_role("button", name="Bad answer").click()
    remark = last_turn(guest).get_by_role("textbox", name="What was wrong?")
    remark.fill(REMARK)
    remark.press("Enter")
    expect(remark).to_have_count(0)

    signed_in.add_init_script(path=AXE_SCRIPT)
    signed_in.reload()
    signed_in.get_by_role("tab", name="Runs").click()
    runs = signed_in.get_by_role("region", name="Run", exact=True)
    line = runs.get_by_role("button", name="Which gate is closed at dusk?")
    expect(line.get_by_text("Bad")).to_be_visible()
    runs.get_by_role("combobox", name="Which runs").select_option(label="Rated bad")
    expect(line.first).to_be_visible()
    expect(line.first.get_by_text(REMARK)).to_be_visible()
    signed_in.emulate_media(reduced_motion="reduce")
    audit = Audit(signed_in)
    audit.judge_part("rated runs", "[aria-label=Run]")
    take_picture(signed_in, "runs-rated")
    line.first.click()
    head = signed_in.get_by_role("group", name="Shown run")
    expect(head.get_by_text("Bad")).to_be_visible()
    signed_in.get_by_role("tab", name="Client sees").click()
    feedback = signed_in.get_by_role("region", name="Feedback of the visitor")
    expect(feedback.get_by_text(REMARK)).to_be_visible()
    audit.judge_part("rated run", "[aria-label=Run]")
    take_picture(signed_in, "run-rated")
    assert audit.faults == []
