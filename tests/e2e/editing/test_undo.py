"""Undo takes back the last edit, whatever it was and wherever the focus is, and redo does it again."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from bench.canvas import POST_SCRIPT
from tests.e2e.building import node
from tests.e2e.conftest import Server


def build_node(id: str, action: str, x: int, **properties: Any) -> dict[str, Any]:
    return {"id": id, "action": action, "properties": properties, "position": {"x": x, "y": 80}}


@pytest.fixture
def flow(signed_in: Page, server: Server) -> Page:
    """A flow of a trigger and a Switch with three cases, which is selected."""
    nodes = [
        build_node("trigger", "chat.completion_trigger", 0),
        build_node("switch", "control.switch", 320, value="{{ chatCompletionRequest.prompt }}", cases=["a", "b", "c"]),
    ]
    ends = {"source": "trigger", "source_port": "continue", "target": "switch", "target_port": "in"}
    graph = {"schema": 1, "nodes": nodes, "edges": [{"id": "e", "kind": "execution", **ends}], "notes": []}
    made = signed_in.evaluate(POST_SCRIPT, ["flows", {"name": "Undo", "graph": graph}])
    signed_in.goto(f"{server.url}/flows/{made['id']}")
    node(signed_in, "Switch").get_by_text("Switch", exact=True).click()
    expect_cases(signed_in, "a", "b", "c")
    return signed_in


def expect_cases(page: Page, *texts: str) -> None:
    rows = get_rows(page)
    expect(rows).to_have_count(len(texts))
    for at, text in enumerate(texts):
        expect(rows.nth(at)).to_have_value(text)


def get_rows(page: Page) -> Locator:
    return page.get_by_role("group", name="Cases").get_by_role("textbox")


def undo(page: Page) -> None:
    page.keyboard.press("Control+z")


def redo(page: Page) -> None:
    page.keyboard.press("Control+Shift+z")


def test_each_removed_row_comes_back_alone_although_a_row_has_the_focus(flow: Page) -> None:
    flow.get_by_role("button", name="Remove b").click()
    flow.get_by_role("button", name="Remove a").click()
    expect(get_rows(flow).first).to_be_focused()
    expect_cases(flow, "c")
    undo(flow)
    expect_cases(flow, "a", "c")
    undo(flow)
    expect_cases(flow, "a", "b", "c")
    redo(flow)
    expect_cases(flow, "a", "c")


def test_what_is_typed_in_a_row_and_the_row_itself_are_two_edits(flow: Page) -> None:
    get_rows(flow).nth(1).press("End")
    flow.keyboard.type("xy")
    flow.keyboard.press("Enter")
    flow.keyboard.type("new")
    expect_cases(flow, "a", "bxy", "new", "c")
    undo(flow)
    expect_cases(flow, "a", "bxy", "c")
    undo(flow)
    expect_cases(flow, "a", "b", "c")


def test_typing_moving_renaming_and_switching_come_back_one_by_one(flow: Page) -> None:
    title = flow.get_by_role("textbox", name="Title", exact=True)
    title.fill("Choose")
    off = flow.get_by_role("switch", name="Disabled")
    off.click()
    off.click()
    expect(off).not_to_be_checked()
    card = node(flow, "Choose")
    card.focus()
    before = card.get_attribute("style")
    flow.keyboard.press("Alt+ArrowRight")
    expect(card).not_to_have_attribute("style", before or "")
    undo(flow)
    expect(card).to_have_attribute("style", before or "")
    undo(flow)
    expect(off).to_be_checked()
    undo(flow)
    expect(off).not_to_be_checked()
    title.focus()
    undo(flow)
    expect(title).to_have_value("")
    redo(flow)
    expect(title).to_have_value("Choose")


def test_two_cards_that_are_moved_by_keys_are_two_edits(flow: Page) -> None:
    switch, trigger = node(flow, "Switch"), node(flow, "Chat completion trigger")
    places = {card: card.get_attribute("style") or "" for card in (switch, trigger)}
    for card in (switch, trigger):
        card.click(position={"x": 60, "y": 20})
        flow.keyboard.press("Alt+ArrowDown")
        expect(card).not_to_have_attribute("style", places[card])
    undo(flow)
    expect(trigger).to_have_attribute("style", places[trigger])
    expect(switch).not_to_have_attribute("style", places[switch])


def test_a_copy_a_note_and_a_deleted_card_are_taken_back(flow: Page) -> None:
    cards = flow.locator(".react-flow__node")
    node(flow, "Switch").focus()
    flow.keyboard.press("Control+d")
    expect(cards).to_have_count(3)
    undo(flow)
    expect(cards).to_have_count(2)
    flow.keyboard.press("n")
    note = flow.get_by_role("textbox", name="Note")
    expect(note).to_be_focused()
    flow.keyboard.type("Why")
    undo(flow)
    expect(note).to_have_value("")
    undo(flow)
    expect(note).to_have_count(0)
    node(flow, "Switch").click(position={"x": 60, "y": 20})
    flow.keyboard.press("Delete")
    expect(cards).to_have_count(1)
    undo(flow)
    expect(cards).to_have_count(2)
    node(flow, "Switch").click(position={"x": 60, "y": 20})
    expect_cases(flow, "a", "b", "c")
