"""The Outputs tab writes a variable into the field of another node that was left last."""

from playwright.sync_api import Page, expect

from tests.e2e.building import node
from tests.e2e.chat_flow import open_chat_flow
from tests.e2e.conftest import Server

PATH = "chatCompletionRequest.prompt"
TARGET = "System Prompt of Streaming chat completion"


def test_a_variable_goes_into_the_field_that_was_left_last(signed_in: Page, server: Server) -> None:
    open_chat_flow(signed_in, server)
    panel = signed_in.get_by_role("complementary", name="Properties")
    node(signed_in, "Streaming chat completion").get_by_text("Streaming chat completion", exact=True).click()
    panel.get_by_role("textbox", name="System Prompt").focus()
    node(signed_in, "Chat completion trigger").get_by_text("Chat completion trigger", exact=True).click()
    panel.get_by_role("tab", name="Outputs").click()
    panel.get_by_role("button", name=f"Insert {{{{ {PATH} }}}} into {TARGET}").click()
    expect(panel.get_by_role("tab", name="Properties")).to_have_attribute("aria-selected", "true")
    expect(panel.get_by_text("Streaming chat completion", exact=True).first).to_be_visible()
    expect(panel.get_by_role("button", name=f"System Prompt {PATH}", exact=True)).to_be_visible()
    signed_in.get_by_role("button", name="Undo").click()
    expect(panel.get_by_role("button", name=f"System Prompt {PATH}", exact=True)).to_have_count(0)
