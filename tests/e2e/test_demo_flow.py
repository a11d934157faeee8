"""The demo flow in the browser: run, watch it grow, stop it, come back to it."""

import re

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def editor(signed_in: Page) -> Page:
    signed_in.get_by_role("link", name="Streaming chat", exact=True).click()
    signed_in.get_by_role("button", name="Run", exact=True).wait_for()
    return signed_in


def well(page: Page) -> str:
    return page.locator(".react-flow__node", has_text="Streaming chat completion").inner_text()


def messages(page: Page) -> int:
    found = re.search(r"(\d+)\s+messages", well(page))
    return int(found[1]) if found else 0


def test_the_text_grows_inside_the_node_before_the_run_ends(editor: Page) -> None:
    editor.get_by_role("button", name="Run", exact=True).click()
    expect(editor.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    expect(editor.get_by_text("You asked").first).to_be_visible()
    seen = messages(editor)
    expect(editor.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    editor.wait_for_timeout(500)
    assert messages(editor) > seen > 0
    expect(editor.get_by_role("button", name="Run", exact=True)).to_be_visible(timeout=20_000)
    expect(editor.get_by_text("Completed").first).to_be_visible()


def test_the_node_holds_its_place_while_text_streams(editor: Page) -> None:
    card = editor.locator(".react-flow__node", has_text="Streaming chat completion")
    editor.get_by_role("button", name="Run", exact=True).click()
    expect(editor.get_by_text("You asked").first).to_be_visible()
    before = card.bounding_box()
    editor.wait_for_timeout(700)
    assert card.bounding_box() == before
    editor.get_by_role("button", name="Stop", exact=True).click()


def test_stop_ends_the_run_and_keeps_what_came(editor: Page) -> None:
    editor.get_by_role("button", name="Run", exact=True).click()
    expect(editor.get_by_text("You asked").first).to_be_visible()
    editor.get_by_role("button", name="Stop", exact=True).click()
    expect(editor.get_by_text("Cancelled").first).to_be_visible()
    kept = messages(editor)
    editor.wait_for_timeout(500)
    assert messages(editor) == kept > 0


def test_a_reload_in_the_middle_finds_the_run_and_catches_up(editor: Page) -> None:
    editor.get_by_role("button", name="Run", exact=True).click()
    expect(editor.get_by_text("You asked").first).to_be_visible()
    seen = messages(editor)
    editor.reload()
    expect(editor.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    expect(editor.get_by_text("You asked").first).to_be_visible()
    assert messages(editor) >= seen
    expect(editor.get_by_text("Completed").first).to_be_visible(timeout=20_000)


def test_a_warning_of_the_run_is_said_in_words(editor: Page) -> None:
    editor.locator(".react-flow__node", has_text="Streaming chat completion").click()
    properties = editor.get_by_role("complementary", name="Properties")
    limit = properties.get_by_role("spinbutton", name="Max Completion Tokens")
    before = limit.input_value()
    limit.fill("5")
    limit.press("Enter")
    expect(editor.get_by_text("Saved").first).to_be_visible()
    editor.get_by_role("button", name="Run", exact=True).click()
    warning = editor.get_by_label("Answer").get_by_text("The answer was cut at the maximum number of tokens.")
    expect(warning).to_be_visible(timeout=20_000)
    limit.fill(before)
    limit.press("Enter")
    expect(editor.get_by_text("Saved").first).to_be_visible()
