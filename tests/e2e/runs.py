"""Waits for the run that the editor shows, and not for one that it showed before."""

import re

from playwright.sync_api import Page, expect


def expect_run(page: Page, state: str | re.Pattern[str] = "Completed") -> None:
    """
    Waits until the head of the run panel tells this state. A press on Run replaces the state of an earlier run there
    at once; elsewhere on the page, such as in earlier turns, a word of an earlier run may still stand.
    """
    head = page.get_by_role("group", name="Shown run")
    expect(head.get_by_text(state, exact=True)).to_be_visible()
