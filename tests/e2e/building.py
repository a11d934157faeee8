"""Builds and connects nodes in the editor, as a person does."""

from playwright.sync_api import Locator, Page, expect


def node(page: Page, title: str) -> Locator:
    return page.locator(".react-flow__node", has_text=title)


def wait_for_rest(page: Page) -> None:
    """Wait until the canvas pans no more: what is added is brought into view, and a press meets what has moved."""
    viewport, before = page.locator(".react-flow__viewport"), ""
    while (now := viewport.get_attribute("style") or "") != before:
        before = now
        page.wait_for_timeout(500)


def select(page: Page, title: str) -> None:
    """Go to a node by its name: not every card of a long flow is in view."""
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    menu = page.get_by_role("dialog")
    menu.get_by_placeholder("Find a command or a node").fill(title)
    found = menu.get_by_role("group", name="Nodes").get_by_role("option", name=title)
    expect(found.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name="Properties").get_by_text(title, exact=True).first).to_be_visible()


def expect_bound(page: Page, title: str, path: str) -> None:
    """A field of the selected node holds this variable."""
    expect(page.get_by_role("button", name=f"{title} {path}", exact=True)).to_be_visible()


def bind(page: Page, title: str, path: str) -> None:
    """Type `=` into an empty field, then the path of a variable."""
    page.get_by_role("textbox", name=title).click()
    page.keyboard.type("=")
    expect(page.get_by_text("Type to search, or write an expression.")).to_be_visible()
    page.keyboard.type(path)
    page.keyboard.press("Enter")
