"""A question that is typed and not answered is never lost: over other tabs, a reload, and a refusal."""

from playwright.sync_api import Page, expect

from tests.e2e.chat_flow import open_chat_flow
from tests.e2e.conftest import Server
from tests.e2e.runs import expect_run

QUESTION = "What is a weir?"


def test_a_question_stays_while_other_tabs_are_read_and_over_a_reload(signed_in: Page, server: Server) -> None:
    open_chat_flow(signed_in, server)
    field = signed_in.get_by_role("textbox", name="Ask as the client would")
    field.fill(QUESTION)
    signed_in.get_by_role("tab", name="Events").click()
    signed_in.get_by_role("tab", name="Client sees").click()
    expect(field).to_have_value(QUESTION)
    signed_in.reload()
    expect(field).to_have_value(QUESTION)
    field.press("Escape")
    expect(field).to_have_value(QUESTION)
    field.press("Enter")
    expect_run(signed_in)
    expect(field).to_have_value("")


def test_a_question_that_is_not_run_comes_back(signed_in: Page, server: Server) -> None:
    open_chat_flow(signed_in, server, answer={"model_id": ""})
    field = signed_in.get_by_role("textbox", name="Ask as the client would")
    field.fill(QUESTION)
    field.press("Enter")
    expect(signed_in.get_by_role("tabpanel", name="Problems")).to_contain_text("Model is required.")
    signed_in.get_by_role("tab", name="Client sees").click()
    expect(field).to_have_value(QUESTION)
