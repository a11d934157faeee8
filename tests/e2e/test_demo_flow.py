"""The demo flow in the browser: run, watch it grow, stop it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.chat_flow import open_patient_flow
from tests.e2e.conftest import Server
from tests.e2e.runs import expect_run


@pytest.fixture
def editor(signed_in: Page) -> Page:
    signed_in.get_by_role("link", name="Streaming chat", exact=True).click()
    signed_in.get_by_role("button", name="Run", exact=True).wait_for()
    return signed_in


@pytest.fixture
def patient(signed_in: Page, server: Server) -> Page:
    """A flow whose run goes on while what happens meanwhile is looked at."""
    open_patient_flow(signed_in, server)
    return signed_in


def card(page: Page) -> Locator:
    return page.locator(".react-flow__node", has_text="Streaming chat completion")


def wait_for_text(page: Page) -> None:
    """Wait for the text within the card: the panel also shows those of earlier turns."""
    expect(card(page).get_by_text("You asked").first).to_be_visible()


def messages(page: Page) -> int:
    found = re.search(r"(\d+)\s+messages", card(page).inner_text())
    return int(found[1]) if found else 0


def test_the_text_grows_inside_the_node_before_the_run_ends(patient: Page) -> None:
    patient.get_by_role("button", name="Run", exact=True).click()
    wait_for_text(patient)
    seen = messages(patient)
    expect(card(patient)).not_to_contain_text(re.compile(rf"(?<!\d){seen}\s*messages"))
    assert messages(patient) > seen > 0
    patient.get_by_role("button", name="Stop", exact=True).click()


def test_the_run_goes_on_to_its_end(editor: Page) -> None:
    editor.get_by_role("button", name="Run", exact=True).click()
    wait_for_text(editor)
    expect_run(editor)


def test_the_node_holds_its_place_while_text_streams(patient: Page) -> None:
    patient.get_by_role("button", name="Run", exact=True).click()
    wait_for_text(patient)
    before = card(patient).bounding_box()
    patient.wait_for_timeout(700)
    assert card(patient).bounding_box() == before
    patient.get_by_role("button", name="Stop", exact=True).click()


def test_stop_ends_the_run_and_keeps_what_came(patient: Page) -> None:
    patient.get_by_role("button", name="Run", exact=True).click()
    wait_for_text(patient)
    patient.get_by_role("button", name="Stop", exact=True).click()
    expect(patient.get_by_text("Cancelled").first).to_be_visible()
    kept = messages(patient)
    patient.wait_for_timeout(500)
    assert messages(patient) == kept > 0


def test_a_warning_of_the_run_is_said_in_words(editor: Page) -> None:
    card(editor).click()
    properties = editor.get_by_role("complementary", name="Properties")
    limit = properties.get_by_role("spinbutton", name="Max Completion Tokens")
    before = limit.input_value()
    limit.fill("5")
    limit.press("Enter")
    expect(editor.get_by_text("Saved").first).to_be_visible()
    editor.get_by_role("button", name="Run", exact=True).click()
    warning = editor.get_by_label("Answer").get_by_text("The answer was cut at the maximum number of tokens.")
    expect(warning).to_be_visible()
    limit.fill(before)
    limit.press("Enter")
    expect(editor.get_by_text("Saved").first).to_be_visible()
