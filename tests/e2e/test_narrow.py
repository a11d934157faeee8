"""The editor in narrow windows: a phone, a small tablet, and a page at 200 % of a usual screen."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.building import node
from tests.e2e.runs import expect_run

WIDTHS = [390, 640, 700, 720]
HEIGHT = 844
LOW = 560
"""A height at which the form of a small card ends below the notices, and has nothing to scroll."""


@pytest.fixture(params=WIDTHS)
def narrow(request: pytest.FixtureRequest, signed_in: Page) -> Page:
    """The editor, opened in a wide window that becomes narrow, with the palette that was open."""
    signed_in.get_by_role("link", name="Streaming chat", exact=True).click()
    expect(signed_in.get_by_role("combobox", name="Actions")).to_be_visible()
    signed_in.set_viewport_size({"width": request.param, "height": HEIGHT})
    expect(signed_in.get_by_role("combobox", name="Actions")).to_be_hidden()
    return signed_in


def expect_within(page: Page, part: Locator) -> None:
    """Expect the whole part inside the window, from left to right."""
    expect(part).to_be_visible()
    box, size = part.bounding_box(), page.viewport_size
    assert box is not None
    assert size is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]


def test_run_and_the_user_menu_are_within_reach_and_nothing_scrolls_sideways(narrow: Page) -> None:
    run = narrow.get_by_role("button", name="Run", exact=True)
    expect_within(narrow, run)
    expect_within(narrow, narrow.get_by_role("button", name="theme and signing out"))
    assert narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")
    run.click()
    expect(narrow.get_by_label("Answer").get_by_text("You asked").first).to_be_visible()
    expect_within(narrow, narrow.get_by_role("textbox", name="Ask").last)


def test_the_properties_of_a_card_are_within_the_window(narrow: Page) -> None:
    node(narrow, "Chat completion trigger").dispatch_event("click")
    properties = narrow.get_by_role("complementary", name="Properties")
    expect_within(narrow, properties)
    expect_within(narrow, properties.get_by_role("textbox", name="Title", exact=True))
    expect_within(narrow, narrow.get_by_role("button", name="Run", exact=True))


def test_an_older_run_is_told_beside_the_properties_too(narrow: Page) -> None:
    for _ in range(2):
        narrow.get_by_role("button", name="Run", exact=True).click()
        expect_run(narrow)
    narrow.get_by_role("tab", name="Runs").click()
    narrow.get_by_role("tabpanel", name="Runs").get_by_role("button").nth(1).click()
    size = narrow.viewport_size
    assert size is not None
    narrow.set_viewport_size({"width": size["width"], "height": LOW})
    node(narrow, "Yield return").dispatch_event("click")
    properties = narrow.get_by_role("complementary", name="Properties")
    # The notice covers none of the fields for good: each can be scrolled out of it, and pressed.
    for field in ("Title", "Description"):
        properties.get_by_role("textbox", name=field, exact=True).click()
    properties.get_by_role("switch", name="Disabled").click(trial=True)
    narrow.get_by_role("button", name="Show the newest run").click()
    expect(narrow.get_by_text("An older run")).to_have_count(0)


def test_the_switch_above_the_answer_covers_nothing_of_it(narrow: Page) -> None:
    narrow.get_by_role("button", name="Run", exact=True).click()
    expect_run(narrow)
    switch = narrow.get_by_role("button", name="Raw text").bounding_box()
    answer = narrow.get_by_label("Answer", exact=True)
    widest = answer.locator("p").evaluate_all("all => Math.max(...all.map((p) => p.getBoundingClientRect().right))")
    box = answer.bounding_box()
    assert switch is not None
    assert box is not None
    assert switch["x"] >= widest or switch["y"] + switch["height"] <= box["y"]


def test_an_event_tells_its_text_in_a_narrow_list(narrow: Page) -> None:
    narrow.get_by_role("button", name="Run", exact=True).click()
    expect_run(narrow)
    narrow.get_by_role("tab", name="Events").click()
    told = narrow.get_by_label("Events", exact=True).get_by_role("button", name="item").last.locator("span").last
    expect_within(narrow, told)
    box = told.bounding_box()
    assert box is not None
    assert box["width"] >= 80
