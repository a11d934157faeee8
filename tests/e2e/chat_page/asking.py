"""What a visitor does on a chat page: asks, and waits for the answer."""

from playwright.sync_api import FrameLocator, Locator, Page, expect

ANSWER_LIMIT_MS = 120_000

Chat = Page | FrameLocator
"""The page, or the frame of a widget that shows it."""


def ask(chat: Chat, question: str) -> None:
    field = chat.get_by_role("textbox", name="Ask a question")
    field.fill(question)
    field.press("Enter")


def last_turn(chat: Chat) -> Locator:
    return chat.get_by_role("article").last


def wait_for_answer(chat: Chat) -> None:
    expect(last_turn(chat).get_by_role("button", name="Copy the answer")).to_be_visible(timeout=ANSWER_LIMIT_MS)
