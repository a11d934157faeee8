"""The chat page of the demo's flow, opened by its link, and a browser that nobody has signed in with."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.accessibility.audit import AXE_SCRIPT, DESK
from tests.e2e.chat_page.asking import ANSWER_LIMIT_MS


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
