"""A key acts on what has the focus, and undo takes back the last thing that was done."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.building import node


@pytest.fixture
def empty(signed_in: Page) -> Page:
    """A new flow with a trigger, added from the palette."""
    signed_in.get_by_role("button", name="New flow").click()
    signed_in.get_by_label("Name").fill("By keys")
    signed_in.get_by_role("button", name="Create").click()
    palette = signed_in.get_by_role("complementary", name="Actions")
    palette.get_by_text("Chat completion trigger", exact=True).click()
    expect(node(signed_in, "Chat completion trigger")).to_be_visible()
    return signed_in


def count_nodes(page: Page, count: int) -> None:
    expect(page.locator(".react-flow__node")).to_have_count(count)


def test_after_an_insertion_the_focus_is_on_the_card(empty: Page) -> None:
    expect(node(empty, "Chat completion trigger")).to_be_focused()
    empty.keyboard.press("/")
    empty.keyboard.type("streaming chat")
    empty.keyboard.press("Enter")
    expect(node(empty, "Streaming chat completion")).to_be_focused()
    empty.keyboard.press("Enter")
    empty.get_by_role("combobox", name="Add an action").press("Escape")
    count_nodes(empty, 2)


def test_enter_on_the_head_of_a_family_folds_it_and_adds_nothing(empty: Page) -> None:
    head = empty.get_by_role("complementary", name="Actions").get_by_role("button", name="Anthropic")
    head.focus()
    empty.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-expanded", "false")
    empty.keyboard.press("Space")
    expect(head).to_have_attribute("aria-expanded", "true")
    count_nodes(empty, 1)


def test_enter_in_an_empty_search_adds_nothing_until_an_arrow_has_chosen(empty: Page) -> None:
    empty.keyboard.press("/")
    empty.keyboard.press("Enter")
    count_nodes(empty, 1)
    empty.keyboard.press("ArrowDown")
    empty.keyboard.press("Enter")
    count_nodes(empty, 2)


def test_the_command_menu_takes_letters_at_once_and_runs_nothing_by_itself(empty: Page) -> None:
    card = node(empty, "Chat completion trigger")
    card.focus()
    # Both come in one go, as from a quick hand: no letter may reach the canvas, where D disables and N adds a note.
    empty.keyboard.press("Control+k")
    empty.keyboard.type("dnd")
    field = empty.get_by_role("combobox", name="Commands and nodes")
    expect(field).to_have_value("dnd")
    field.fill("")
    field.press("Enter")
    expect(empty.get_by_role("dialog", name="Commands and nodes")).to_be_visible()
    field.fill("chat")
    expect(empty.get_by_role("option", selected=True)).to_contain_text("Chat completion trigger")
    field.press("Enter")
    expect(card).to_be_focused()
    expect(empty.get_by_text("Running")).to_have_count(0)
    count_nodes(empty, 1)


def test_undo_takes_back_a_row_that_was_added_to_a_list(empty: Page) -> None:
    palette = empty.get_by_role("complementary", name="Actions")
    palette.get_by_text("Switch", exact=True).click()
    empty.get_by_role("button", name="Add to Cases").click()
    row = empty.get_by_role("textbox", name="Cases, 1")
    expect(row).to_be_focused()
    empty.get_by_role("button", name="Undo").click()
    expect(row).to_have_count(0)
    count_nodes(empty, 2)
    empty.get_by_role("button", name="Add to Cases").click()
    row.press("Control+z")
    expect(row).to_have_count(0)
    empty.get_by_role("button", name="Add to Cases").click()
    row.fill("yes")
    empty.get_by_role("button", name="Undo").click()
    expect(row).to_have_count(0)
    count_nodes(empty, 2)
    empty.get_by_role("button", name="Undo").click()
    count_nodes(empty, 1)


def test_undo_takes_back_a_text_that_is_no_value_yet(empty: Page) -> None:
    palette = empty.get_by_role("complementary", name="Actions")
    palette.get_by_text("Streaming chat completion", exact=True).click()
    number = empty.get_by_role("spinbutton", name="Max Completion Tokens")
    before = number.input_value()
    number.fill("-7")
    empty.get_by_role("button", name="Undo").click()
    expect(number).to_have_value(before)
    count_nodes(empty, 2)
