"""A flow begins with a template: three clicks from the list of flows to an answer."""

from playwright.sync_api import Page, expect

from tests.e2e.runs import expect_run


def test_a_template_answers_after_three_clicks(signed_in: Page) -> None:
    signed_in.get_by_role("link", name="Templates").click()
    signed_in.get_by_role("button", name="Use Summariser").click()
    expect(signed_in.get_by_role("heading", name="Summariser")).to_be_visible()
    signed_in.get_by_role("button", name="Run", exact=True).click()
    expect_run(signed_in)


def test_the_gallery_is_used_by_keys_and_on_a_phone(signed_in: Page) -> None:
    signed_in.set_viewport_size({"width": 390, "height": 800})
    signed_in.get_by_role("link", name="Templates").click()
    expect(signed_in.get_by_role("heading", name="Translator")).to_be_visible()
    assert signed_in.evaluate("document.documentElement.scrollWidth <= innerWidth")
    signed_in.keyboard.press("/")
    signed_in.keyboard.type("judge")
    expect(signed_in.get_by_role("heading", name="Translator")).to_be_hidden()
    signed_in.get_by_role("button", name="Use Evaluation judge").press("Enter")
    expect(signed_in.get_by_role("heading", name="Evaluation judge")).to_be_visible()
