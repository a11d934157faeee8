"""A card that saves nothing says so in words, and why."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.building import node
from tests.e2e.chat_flow import open_chat_flow
from tests.e2e.conftest import Server


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"session_id": " "}, "The session id is empty, so nothing is saved."),
        ({"user_message": " "}, "The user message is empty, so neither the message nor the answer is saved."),
        ({"response": " "}, "The answer is empty, so neither the message nor the answer is saved."),
    ],
)
def test_a_card_that_saves_nothing_says_why(
    signed_in: Page, server: Server, changes: dict[str, str], words: str
) -> None:
    open_chat_flow(signed_in, server, trigger={"test_data": {"prompt": "Hi", "session_id": "s"}}, save=changes)
    signed_in.get_by_role("button", name="Run", exact=True).click()
    expect(node(signed_in, "Save chat history").get_by_text(words)).to_be_visible()


def test_a_card_that_finds_no_history_says_why(signed_in: Page, server: Server) -> None:
    open_chat_flow(signed_in, server, history={"session_id": " "})
    signed_in.get_by_role("button", name="Run", exact=True).click()
    card = node(signed_in, "Get chat history")
    expect(card.get_by_text("The session id is empty, so there are no earlier messages.")).to_be_visible()
