"""Two tabs of one browser change the same flow: nothing is overwritten before a person says so, and nothing is lost."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bench.canvas import POST_SCRIPT
from tests.e2e.building import node
from tests.e2e.conftest import Server
from tests.e2e.one_card import list_stored_titles, open_flow, rename
from tests.e2e.people import join

CONFLICT = "This flow was saved elsewhere."


@pytest.fixture
def flow(signed_in: Page) -> str:
    nodes = [{"id": "trigger", "action": "chat.completion_trigger", "properties": {}, "position": {"x": 0, "y": 0}}]
    graph = {"schema": 1, "nodes": nodes, "edges": [], "notes": []}
    made = signed_in.evaluate(POST_SCRIPT, ["flows", {"name": "Two tabs", "graph": graph}])
    return str(made["id"])


@pytest.fixture
def mine(signed_in: Page, server: Server, flow: str) -> Page:
    """A tab whose edit meets what another tab has saved."""
    theirs = open_flow(signed_in.context.new_page(), server, flow)
    mine = open_flow(signed_in, server, flow)
    rename(theirs, "Theirs")
    expect(theirs.get_by_role("status").get_by_text("Saved", exact=True)).to_be_visible()
    rename(mine, "Mine")
    expect(mine.get_by_text(CONFLICT)).to_be_visible()
    return mine


def test_load_theirs_shows_theirs_at_the_first_click_and_overwrites_nothing(mine: Page, flow: str) -> None:
    mine.get_by_role("button", name="Load theirs").click()
    expect(node(mine, "Theirs")).to_be_visible()
    expect(mine.get_by_text(CONFLICT)).not_to_be_visible()
    expect(mine.get_by_role("status").get_by_text("Saved", exact=True)).to_be_visible()
    mine.reload()
    expect(node(mine, "Theirs")).to_be_visible()
    assert list_stored_titles(mine, flow) == ["Theirs"]


def test_undo_brings_mine_back_after_theirs_were_loaded(mine: Page, flow: str) -> None:
    mine.get_by_role("button", name="Load theirs").click()
    expect(node(mine, "Theirs")).to_be_visible()
    mine.get_by_role("button", name="Undo").click()
    expect(node(mine, "Mine")).to_be_visible()
    expect(mine.get_by_role("status").get_by_text("Saved", exact=True)).to_be_visible()
    assert list_stored_titles(mine, flow) == ["Mine"]


def test_a_reload_during_the_conflict_asks_again_however_often_mine_was_changed(mine: Page, flow: str) -> None:
    for title in ("Mine again", "Mine once more"):
        rename(mine, title)
        mine.reload()
        expect(mine.get_by_text(CONFLICT)).to_be_visible()
        expect(node(mine, title)).to_be_visible()
    assert list_stored_titles(mine, flow) == ["Theirs"]
    mine.get_by_role("button", name="Keep mine").click()
    mine.get_by_role("button", name="Replace theirs").click()
    expect(mine.get_by_role("status").get_by_text("Saved", exact=True)).to_be_visible()
    assert list_stored_titles(mine, flow) == ["Mine once more"]


def test_another_tab_that_saves_does_not_drop_what_this_one_keeps(mine: Page, server: Server, flow: str) -> None:
    theirs = next(page for page in mine.context.pages if page is not mine)
    rename(theirs, "Theirs, later")
    expect(theirs.get_by_role("status").get_by_text("Saved", exact=True)).to_be_visible()
    mine.reload()
    expect(node(mine, "Mine")).to_be_visible()
    expect(mine.get_by_text(CONFLICT)).to_be_visible()


def test_a_save_whose_answer_is_lost_is_no_conflict(signed_in: Page, server: Server, flow: str) -> None:
    page = open_flow(signed_in, server, flow)
    page.route("**/graph", lambda route: (route.fetch(), route.abort()))
    rename(page, "Lost")
    expect(page.get_by_text("Not saved, kept in this browser")).to_be_visible()
    rename(page, "After it")
    page.unroute("**/graph")
    expect(page.get_by_role("status").get_by_text("Saved", exact=True)).to_be_visible()
    assert list_stored_titles(page, flow) == ["After it"]


@pytest.fixture
def other_person(signed_in: Page, browser: Browser, guests: list[BrowserContext]) -> Page:
    """The browser of another member, who is an editor of the same workspace."""
    invitation = signed_in.evaluate(POST_SCRIPT, ["invitations", {"role": "editor"}])
    return join(browser, guests, invitation["url"], "Olga")


def test_two_people_see_each_others_saves_as_a_conflict(
    other_person: Page, signed_in: Page, server: Server, flow: str
) -> None:
    theirs = open_flow(other_person, server, flow)
    mine = open_flow(signed_in, server, flow)
    rename(theirs, "Theirs")
    expect(theirs.get_by_role("status").get_by_text("Saved", exact=True)).to_be_visible()
    rename(mine, "Mine")
    mine.get_by_role("button", name="Load theirs").click()
    expect(node(mine, "Theirs")).to_be_visible()
    assert list_stored_titles(mine, flow) == ["Theirs"]
    rename(mine, "After theirs")
    expect(mine.get_by_role("status").get_by_text("Saved", exact=True)).to_be_visible()
    rename(theirs, "Theirs, later")
    theirs.get_by_role("button", name="Keep mine").click()
    theirs.get_by_role("button", name="Replace theirs").click()
    expect(theirs.get_by_role("status").get_by_text("Saved", exact=True)).to_be_visible()
    assert list_stored_titles(mine, flow) == ["Theirs, later"]
