"""A builder draws the demo flow on an empty canvas, is told what is missing, and runs it."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.building import expect_bound, node
from tests.e2e.conftest import Server
from tests.e2e.runs import expect_run


@pytest.fixture
def drawn(signed_in: Page) -> Page:
    return draw(signed_in)


def draw(page: Page) -> Page:
    """Make a flow with the three nodes of the demo, joined by being added one after the other."""
    page.get_by_role("button", name="New flow").click()
    page.get_by_label("Name").fill("By hand")
    page.get_by_role("button", name="Create").click()
    palette = page.get_by_role("complementary", name="Actions")
    for title in ("Chat completion trigger", "Streaming chat completion", "Yield return"):
        palette.get_by_text(title, exact=True).click()
        expect(node(page, title)).to_be_visible()
    expect(page.locator(".react-flow__edge")).to_have_count(2)
    return page


def select(page: Page, title: str) -> None:
    node(page, title).get_by_text(title, exact=True).first.click()


REQUIRED = "Model is required. Choose one."


def test_what_a_new_card_lacks_is_a_problem_when_its_field_was_left(drawn: Page) -> None:
    select(drawn, "Streaming chat completion")
    properties, card = drawn.get_by_role("complementary", name="Properties"), node(drawn, "Streaming chat completion")
    expect(properties.get_by_text("Needs a model.")).to_be_visible()
    expect(card.get_by_text("needs a model")).to_be_visible()
    expect(drawn.get_by_role("button", name="Problems")).to_have_count(0)
    drawn.get_by_role("combobox", name="Model").focus()
    expect(properties.get_by_text(REQUIRED)).to_have_count(0)
    node(drawn, "Yield return").get_by_role("heading").click()
    expect(card.get_by_text("required").first).to_be_visible()
    select(drawn, "Streaming chat completion")
    expect(properties.get_by_text(REQUIRED)).to_be_visible()
    expect(card.get_by_text("required").first).to_be_visible()
    expect(drawn.get_by_role("button", name="Problems")).to_be_visible()


def test_what_a_new_card_lacks_is_a_problem_when_a_run_is_tried_and_after_a_reload(drawn: Page) -> None:
    card = node(drawn, "Streaming chat completion")
    expect(card.get_by_text("needs a model")).to_be_visible()
    drawn.get_by_role("button", name="Run", exact=True).click()
    expect(drawn.get_by_role("tabpanel", name="Problems").get_by_text(REQUIRED)).to_be_visible()
    expect(card.get_by_text("required").first).to_be_visible()
    expect(drawn.get_by_role("button", name="Stop", exact=True)).not_to_be_visible()
    drawn.reload()
    expect(card.get_by_text("required").first).to_be_visible()


def fill_in(page: Page, connection: str) -> None:
    """Give both nodes what they need, and wait until it is saved."""
    select(page, "Streaming chat completion")
    page.get_by_role("combobox", name="Connection").select_option(label=connection)
    page.get_by_role("combobox", name="Model").fill("claude-haiku-5-5")
    page.keyboard.press("Enter")
    expect_bound(page, "User Prompt", "chatCompletionRequest.prompt")
    page.get_by_role("spinbutton", name="Max Completion Tokens").fill("500")
    page.keyboard.press("Tab")
    select(page, "Yield return")
    expect_bound(page, "Value", "message")
    expect(page.get_by_role("button", name="Problems")).to_have_count(0)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()


def test_the_demo_flow_is_built_from_an_empty_canvas_and_streams(drawn: Page) -> None:
    fill_in(drawn, "Simulator")
    drawn.get_by_role("button", name="Run", exact=True).click()
    expect(drawn.get_by_text("You asked").first).to_be_visible()
    expect(drawn.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    expect_run(drawn)


@pytest.fixture
def wrong_key(signed_in: Page, server: Server) -> Page:
    """A connection whose key the vendor refuses."""
    signed_in.goto(f"{server.url}/connections")
    signed_in.get_by_role("button", name="New connection").click()
    signed_in.get_by_role("menuitem", name="Anthropic").click()
    signed_in.get_by_label("Name").fill("Wrong key")
    signed_in.get_by_label("API key").fill("wrong-key-00000000")
    signed_in.get_by_label("Base URL").fill(f"{server.url}/simulator")
    signed_in.get_by_role("button", name="Save and test").click()
    return signed_in


def test_a_wrong_key_is_told_by_the_test_and_at_the_node(wrong_key: Page, server: Server) -> None:
    expect(wrong_key.get_by_text("The API refused the key of the connection.").first).to_be_visible()
    wrong_key.goto(f"{server.url}/flows")
    page = draw(wrong_key)
    fill_in(page, "Wrong key")
    page.get_by_role("button", name="Run", exact=True).click()
    card = node(page, "Streaming chat completion")
    expect(card.get_by_text("The API refused the key of the connection.")).to_be_visible()
    assert "wrong-key-00000000" not in page.content()
