"""A conversation in the run panel: turns above each other, kept over a reload, renewed, picked again."""

import re
from typing import Literal

from playwright.sync_api import Locator, Page, expect

from tests.e2e.building import node
from tests.e2e.chat_flow import open_chat_flow
from tests.e2e.conftest import Server

QUESTIONS = ("What is a weir?", "And a sluice?", "And a leat?")


def list_turns(page: Page) -> Locator:
    return page.get_by_role("tabpanel", name="Client sees").get_by_role("article")


def ask(page: Page, question: str, number: int) -> None:
    """Ask, and wait until this turn has its whole answer."""
    page.get_by_placeholder("Ask as the client would").fill(question)
    page.keyboard.press("Enter")
    turn = list_turns(page).nth(number)
    expect(turn).to_contain_text(f"You asked: “{question}”")
    expect(turn.get_by_role("button", name=re.compile("^Show run"))).to_contain_text("Completed")


def choose_in_chip(page: Page, role: Literal["menuitem", "menuitemradio"], name: str) -> None:
    page.get_by_role("button", name=re.compile("session")).last.click()
    page.get_by_role("menu").get_by_role(role, name=re.compile(name)).click()


def hold_conversation(page: Page) -> None:
    for number, question in enumerate(QUESTIONS):
        ask(page, question, number)
        expect(list_turns(page)).to_have_count(number + 1)


def expect_turns(page: Page) -> None:
    expect(list_turns(page)).to_have_count(len(QUESTIONS))
    for number, question in enumerate(QUESTIONS):
        expect(list_turns(page).nth(number)).to_contain_text(f"You asked: “{question}”")


def test_a_conversation_remembers_and_stays_over_a_reload(signed_in: Page, server: Server) -> None:
    open_chat_flow(signed_in, server)
    hold_conversation(signed_in)
    expect_turns(signed_in)
    expect(list_turns(signed_in).nth(2)).to_contain_text(f"Before that you asked: “{QUESTIONS[1]}”")
    signed_in.reload()
    expect_turns(signed_in)
    ask(signed_in, "And a flume?", 3)
    expect(list_turns(signed_in).nth(3)).to_contain_text(f"Before that you asked: “{QUESTIONS[2]}”")


def test_a_new_session_remembers_nothing_and_the_old_one_can_be_picked(signed_in: Page, server: Server) -> None:
    open_chat_flow(signed_in, server)
    hold_conversation(signed_in)
    choose_in_chip(signed_in, "menuitem", "New session")
    expect(list_turns(signed_in)).to_have_count(0)
    ask(signed_in, "Who are you?", 0)
    expect(list_turns(signed_in).first).not_to_contain_text("Before that you asked")
    choose_in_chip(signed_in, "menuitemradio", re.escape(QUESTIONS[0]))
    expect_turns(signed_in)
    ask(signed_in, "And a flume?", 3)
    expect(list_turns(signed_in).nth(3)).to_contain_text(f"Before that you asked: “{QUESTIONS[2]}”")


def test_an_older_run_says_that_it_is_older_and_what_it_ran(signed_in: Page, server: Server) -> None:
    open_chat_flow(signed_in, server)
    ask(signed_in, QUESTIONS[0], 0)
    rename(signed_in)
    ask(signed_in, QUESTIONS[1], 1)
    list_turns(signed_in).first.get_by_role("button", name=re.compile("^Show run")).click()
    bar = signed_in.get_by_role("status").filter(has_text="An older run")
    expect(bar).to_contain_text("It ran version 1 of the flow; the canvas shows version 2.")
    bar.get_by_role("button", name="Show version 1").click()
    expect(node(signed_in, "Yield return")).to_be_visible()
    expect(bar).to_contain_text("It ran version 1, which is drawn.")
    signed_in.get_by_role("button", name="Back to the draft").click()
    expect(node(signed_in, "Give")).to_be_visible()
    expect(list_turns(signed_in)).to_have_count(2)
    bar.get_by_role("button", name="Show the newest run").click()
    expect(bar).to_have_count(0)
    expect(list_turns(signed_in).last).to_contain_text("on the canvas")


def rename(page: Page) -> None:
    """Change the flow, and wait until it is saved."""
    node(page, "Yield return").get_by_text("Yield return", exact=True).click()
    title = page.get_by_role("complementary", name="Properties").get_by_role("textbox", name="Title")
    title.fill("Give")
    title.press("Tab")
    expect(node(page, "Give")).to_be_visible()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()


def test_the_history_leads_back_to_the_session(signed_in: Page, server: Server) -> None:
    open_chat_flow(signed_in, server)
    ask(signed_in, QUESTIONS[0], 0)
    choose_in_chip(signed_in, "menuitem", "New session")
    ask(signed_in, "Who are you?", 0)
    signed_in.get_by_role("tab", name="Runs").click()
    signed_in.get_by_role("tabpanel", name="Runs").get_by_role("button", name=re.compile("weir")).click()
    signed_in.get_by_role("tab", name="Client sees").click()
    signed_in.get_by_role("button", name="Back to your session").click()
    expect(list_turns(signed_in)).to_have_count(1)
    expect(list_turns(signed_in)).to_contain_text("Who are you?")
