"""Invites other people to the workspace, and lets them join in browsers of their own."""

from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.conftest import WAIT_LIMIT_MS, Server

PASSWORD = "wheel and water"


def invite(admin: Page, server: Server, role: str) -> str:
    """Return the link of a new invitation, made on the page Members."""
    admin.goto(f"{server.url}/members")
    admin.get_by_role("button", name="Invite").click()
    admin.get_by_label(role, exact=True).check()
    admin.get_by_role("button", name="Create link").click()
    link = admin.get_by_label("Invitation link").inner_text()
    admin.get_by_role("button", name="Done").click()
    return link


def join(browser: Browser, guests: list[BrowserContext], link: str, name: str) -> Page:
    """Open the link in a browser of its own, and join with a new account."""
    guests.append(browser.new_context(viewport={"width": 1440, "height": 900}))
    page = guests[-1].new_page()
    page.set_default_timeout(WAIT_LIMIT_MS)
    page.goto(link)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("User name").fill(name.lower())
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account and join").click()
    page.get_by_role("heading", name="Flows").wait_for()
    return page
