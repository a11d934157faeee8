"""Signed out, offline, and a server that restarts, in the middle of work: each is said, and nothing is lost."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bench.canvas import POST_SCRIPT
from tests.e2e.all_pages import PAGES
from tests.e2e.building import node
from tests.e2e.conftest import Server, build_server, sign_in
from tests.e2e.one_card import list_stored_titles, open_flow, rename
from tests.e2e.runs import expect_run

SIGNED_OUT, OFFLINE = "You are signed out.", "This device is offline."
RESTARTING, UNREACHABLE = "The server is restarting.", "The server cannot be reached."
PASSWORD = "a password of the browser tests"
SET_PASSWORD = f"""
from django.contrib.auth import get_user_model
admin = get_user_model().objects.get(username="admin")
admin.set_password({PASSWORD!r})
admin.save()
"""


@pytest.fixture(scope="session", autouse=True)
def password(server: Server) -> None:
    """Give the person a password. It ends the sessions that there are, so it comes before every sign-in."""
    server.manage("shell", "-c", SET_PASSWORD)


@pytest.fixture
def page_with_flow(signed_in: Page, server: Server, flow: str) -> Page:
    return open_flow(signed_in, server, flow)


@pytest.fixture
def flow(signed_in: Page) -> str:
    return create_flow(signed_in)


def create_flow(page: Page) -> str:
    nodes = [{"id": "trigger", "action": "chat.completion_trigger", "properties": {}, "position": {"x": 0, "y": 0}}]
    graph = {"schema": 1, "nodes": nodes, "edges": [], "notes": []}
    made = page.evaluate(POST_SCRIPT, ["flows", {"name": "Away", "graph": graph}])
    return str(made["id"])


def sign_out_in_another_tab(page: Page) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("button", name="theme and signing out").click()
    other.get_by_role("menuitem", name="Sign out").click()
    other.get_by_label("Password").wait_for()
    other.close()


def sign_in_again(page: Page) -> None:
    form = page.get_by_role("dialog", name="Sign in again")
    form.get_by_label("User name").fill("admin")
    form.get_by_label("Password").fill(PASSWORD)
    form.get_by_role("button", name="Sign in", exact=True).click()
    expect(form).not_to_be_visible()


def expect_saved(page: Page) -> None:
    expect(page.get_by_role("status").get_by_text("Saved", exact=True)).to_be_visible()


def test_the_editor_asks_for_a_sign_in_there_and_keeps_all_that_was_done(page_with_flow: Page, flow: str) -> None:
    page = page_with_flow
    sign_out_in_another_tab(page)
    rename(page, "Drawn while signed out")
    expect(page.get_by_text(SIGNED_OUT)).to_be_visible()
    expect(page.get_by_text("Not saved, kept in this browser")).to_be_visible()
    page.get_by_role("button", name="Sign in", exact=True).click()
    sign_in_again(page)
    expect(page.get_by_text(SIGNED_OUT)).not_to_be_visible()
    expect_saved(page)
    assert page.url.endswith(f"/flows/{flow}")
    assert list_stored_titles(page, flow) == ["Drawn while signed out"]
    page.get_by_role("button", name="Undo").click()
    expect(node(page, "Drawn while signed out")).to_have_count(0)


def test_a_sign_in_in_another_tab_is_noticed(page_with_flow: Page, server: Server, flow: str) -> None:
    sign_out_in_another_tab(page_with_flow)
    rename(page_with_flow, "Kept")
    expect(page_with_flow.get_by_text(SIGNED_OUT)).to_be_visible()
    other = page_with_flow.context.new_page()
    other.goto(server.issue_link())
    other.close()
    expect(page_with_flow.get_by_text(SIGNED_OUT)).not_to_be_visible()
    expect_saved(page_with_flow)
    assert list_stored_titles(page_with_flow, flow) == ["Kept"]


def test_run_asks_for_a_sign_in(page_with_flow: Page) -> None:
    sign_out_in_another_tab(page_with_flow)
    page_with_flow.get_by_role("button", name="Run", exact=True).click()
    sign_in_again(page_with_flow)
    page_with_flow.get_by_role("button", name="Run", exact=True).click()
    expect_run(page_with_flow)


def test_a_question_that_is_asked_when_signed_out_comes_back(page_with_flow: Page) -> None:
    sign_out_in_another_tab(page_with_flow)
    field = page_with_flow.get_by_role("textbox", name="Ask as the client would")
    field.fill("What is a weir?")
    field.press("Enter")
    sign_in_again(page_with_flow)
    expect(field).to_have_value("What is a weir?")
    field.press("Enter")
    expect_run(page_with_flow)
    expect(field).to_have_value("")


def test_a_form_that_is_refused_because_of_the_session_keeps_what_was_typed(signed_in: Page) -> None:
    signed_in.get_by_role("button", name="New flow").first.click()
    signed_in.get_by_label("Name").fill("Typed before the session ended")
    sign_out_in_another_tab(signed_in)
    signed_in.get_by_role("button", name="Create flow").click()
    sign_in_again(signed_in)
    expect(signed_in.get_by_label("Name")).to_have_value("Typed before the session ended")
    signed_in.get_by_role("button", name="Create flow").click()
    expect(signed_in.get_by_role("button", name="Run", exact=True)).to_be_visible()


def test_what_is_drawn_offline_is_kept_and_saved_when_the_network_is_back(page_with_flow: Page, flow: str) -> None:
    page_with_flow.context.set_offline(True)
    expect(page_with_flow.get_by_text(OFFLINE)).to_be_visible()
    rename(page_with_flow, "Drawn offline")
    expect(page_with_flow.get_by_text("Not saved, kept in this browser")).to_be_visible()
    page_with_flow.context.set_offline(False)
    expect(page_with_flow.get_by_text(OFFLINE)).not_to_be_visible()
    expect_saved(page_with_flow)
    assert list_stored_titles(page_with_flow, flow) == ["Drawn offline"]


def test_each_page_says_that_the_device_is_offline(signed_in: Page, server: Server) -> None:
    for path in PAGES:
        signed_in.goto(f"{server.url}/{path}")
        signed_in.get_by_role("heading").first.wait_for()
        signed_in.context.set_offline(True)
        expect(signed_in.get_by_text(OFFLINE), path).to_be_visible()
        signed_in.context.set_offline(False)
        expect(signed_in.get_by_text(OFFLINE), path).not_to_be_visible()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server of this test alone, which it may stop."""
    server = build_server(tmp_path)
    with server.serve():
        yield server


def test_a_restart_in_the_middle_of_a_run_is_said_and_the_page_learns_how_the_run_ended(
    page: Page, own_server: Server
) -> None:
    sign_in(page, own_server)
    page.get_by_role("link", name="Streaming chat", exact=True).click()
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text("You asked").first).to_be_visible()
    own_server.begin_stop()
    page.get_by_text(RESTARTING).wait_for()
    own_server.stop()
    node(page, "Streaming chat completion").press("F2")
    page.keyboard.type("Drawn meanwhile")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Not saved, kept in this browser")).to_be_visible()
    own_server.start()
    expect(page.get_by_text(RESTARTING).or_(page.get_by_text(UNREACHABLE))).to_have_count(0)
    expect_saved(page)
    expect_run(page, re.compile("^(Completed|Interrupted)$"))


def test_a_page_says_that_the_server_is_away_and_opens_again_by_itself(page: Page, own_server: Server) -> None:
    sign_in(page, own_server)
    flow = page.get_by_role("link", name="Streaming chat", exact=True)
    flow.wait_for()
    own_server.stop()
    expect(page.get_by_text(UNREACHABLE)).to_be_visible()
    expect(flow).to_be_visible()
    own_server.start()
    expect(page.get_by_text(UNREACHABLE)).not_to_be_visible()
    page.get_by_role("link", name="Streaming chat", exact=True).click()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_visible()
