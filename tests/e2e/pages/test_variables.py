"""A variable is made on its page, bound by the picker of a node, and read by a run; a secret is hidden in it."""

from playwright.sync_api import Page, expect

from tests.e2e.building import node, select
from tests.e2e.conftest import Server
from tests.e2e.runs import expect_run

SECRET = "canary-7Qm3vX9cJ2"
FITS_SIDEWAYS = "({ parentElement: frame }) => frame.scrollWidth <= frame.clientWidth"


def add_variable(page: Page, name: str, value: str, *, is_secret: bool = False) -> None:
    page.get_by_role("button", name="New variable").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    if is_secret:
        dialog.get_by_label("Secret").check()
    dialog.get_by_label("Development").fill(value)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)


def test_a_variable_is_made_bound_and_read_by_a_run(signed_in: Page, server: Server) -> None:
    page = signed_in
    page.get_by_role("link", name="Variables").click()
    add_variable(page, "TONE", "dry as a bone")
    add_variable(page, "TOKEN", SECRET, is_secret=True)
    table = page.get_by_role("table", name="Variables")
    expect(table.get_by_text("dry as a bone")).to_be_visible()
    expect(table.get_by_text(SECRET)).to_have_count(0)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(table.get_by_text("dry as a bone")).to_be_in_viewport(ratio=1)
    assert table.evaluate(FITS_SIDEWAYS)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("link", name="Flows").click()
    page.get_by_role("button", name="New flow").click()
    page.get_by_label("Name").fill("With variables")
    page.get_by_role("button", name="Create").click()
    palette = page.get_by_role("complementary", name="Actions")
    palette.get_by_text("Chat completion trigger", exact=True).click()
    expect(node(page, "Chat completion trigger")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("yield return")
    page.keyboard.press("Enter")
    expect(node(page, "Yield return")).to_be_focused()
    select(page, "Yield return")
    panel = page.get_by_role("complementary", name="Properties")
    value = panel.get_by_role("textbox", name="Value")
    value.click()
    expect(value).to_be_focused()
    value.press_sequentially("Say it {{ env.TON")
    option = page.get_by_role("option", name="env.TONE")
    expect(option).to_be_visible()
    option.click()
    page.keyboard.type(", with {{ env.TOKEN }}.")
    page.keyboard.press("Escape")
    expect(page.get_by_text("Saved", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Run", exact=True).click()
    expect_run(page)
    expect(page.get_by_text("Say it dry as a bone, with [hidden].").first).to_be_visible()
