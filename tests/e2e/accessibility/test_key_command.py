"""The command that is shown once, with the text of a new key, can be read whole."""

from playwright.sync_api import Page, expect

from tests.e2e.accessibility.audit import PHONE
from tests.e2e.conftest import Server


def test_the_command_beside_a_new_key_is_shown_whole(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/api-keys")
    page.get_by_role("button", name="New API key").first.click()
    page.get_by_label("Name").fill("Read whole")
    page.get_by_role("button", name="Create key").click()
    command = page.get_by_label("Command", exact=True)
    expect(command).to_contain_text("curl")
    for size in (page.viewport_size, PHONE):
        assert size
        page.set_viewport_size(size)
        assert command.evaluate("code => code.scrollWidth <= code.clientWidth")
