"""What a person aims at is there: in a window at 200 %, at 700 px, and where toasts come and go."""

import re

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.e2e.accessibility.audit import PHONE, ZOOMED
from tests.e2e.all_pages import PAGES
from tests.e2e.building import node
from tests.e2e.chat_flow import open_chat_flow
from tests.e2e.conftest import Server

MEASURE_FREE = """() => {
  const canvas = document.querySelector("[data-canvas]").getBoundingClientRect();
  const panel = document.querySelector("[data-properties]")?.getBoundingClientRect();
  return [canvas.width, canvas.width - Math.max(0, canvas.right - (panel?.left ?? canvas.right))];
}"""


def expect_within(page: Page, part: Locator) -> None:
    """Expect that the part can be brought into the window, and that the whole of it is there."""
    part.scroll_into_view_if_needed()
    box, size = part.bounding_box(), page.viewport_size
    assert box is not None
    assert size is not None
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert box["y"] + box["height"] <= size["height"]


@pytest.mark.parametrize("size", [PHONE, ZOOMED], ids=["phone", "200 %"])
def test_on_each_page_the_menu_of_the_person_is_within_reach(page: Page, server: Server, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    for path in PAGES:
        page.goto(f"{server.url}/{path}")
        page.get_by_role("heading", level=1).wait_for()
        expect_within(page, page.get_by_role("button", name="theme and signing out"))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@pytest.fixture
def zoomed(page: Page, server: Server) -> Page:
    page.set_viewport_size(ZOOMED)
    page.goto(f"{server.url}/flows")
    page.evaluate("localStorage.clear()")
    return page


NEW = {
    "flows": ("New flow", "Create flow"),
    "connections": ("New connection", "Save"),
    "collections": ("New collection", "Create collection"),
    "api-keys": ("New API key", "Create key"),
    "variables": ("New variable", "Save"),
    "members": ("Invite", "Create link"),
}


@pytest.mark.parametrize(("path", "opener", "submit"), [(path, *names) for path, names in NEW.items()])
def test_at_200_percent_each_list_and_its_dialog_can_be_used(
    zoomed: Page, server: Server, path: str, opener: str, submit: str
) -> None:
    zoomed.goto(f"{server.url}/{path}")
    button = zoomed.get_by_role("button", name=opener).first
    button.wait_for()
    expect_within(zoomed, button)
    button.click()
    if path == "connections":
        zoomed.get_by_role("menuitem").first.click()
    dialog = zoomed.get_by_role("dialog")
    for field in dialog.get_by_role("textbox").all():
        expect_within(zoomed, field)
    expect_within(zoomed, dialog.get_by_role("button", name=submit, exact=True))
    expect_within(zoomed, dialog.get_by_role("button", name="Close"))


def test_at_200_percent_a_flow_can_be_drawn_run_and_read(zoomed: Page, server: Server) -> None:
    open_chat_flow(zoomed, server)
    expect_within(zoomed, zoomed.get_by_role("button", name="Run", exact=True))
    expect_within(zoomed, zoomed.get_by_role("button", name="Undo"))
    zoomed.get_by_role("button", name="Show actions", exact=True).click()
    action = zoomed.get_by_role("option", name="Yield return", exact=True)
    expect_within(zoomed, action)
    action.click()
    expect(zoomed.locator(".react-flow__node")).to_have_count(6)
    panel = zoomed.get_by_role("complementary", name="Properties")
    expect_within(zoomed, panel.get_by_role("textbox", name="Title", exact=True))
    zoomed.keyboard.press("Escape")
    zoomed.get_by_role("button", name="Undo").click()
    zoomed.get_by_role("button", name="Run", exact=True).click()
    answer = zoomed.get_by_role("region", name="Answer")
    expect(answer).to_contain_text("You asked")
    expect_within(zoomed, zoomed.get_by_role("textbox", name="Ask as the client would"))
    assert answer.evaluate("element => element.clientHeight") > 40


def test_at_200_percent_a_flow_is_published_and_given_a_chat_page(zoomed: Page, server: Server) -> None:
    open_chat_flow(zoomed, server)
    zoomed.get_by_role("button", name="Publish", exact=True).click()
    dialog = zoomed.get_by_role("dialog")
    for part in (dialog.get_by_label("Note"), dialog.get_by_role("button", name="Close")):
        expect_within(zoomed, part)
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(dialog).to_have_count(0)
    zoomed.get_by_role("button", name="Versions", exact=True).click()
    versions = zoomed.get_by_role("complementary", name="Versions")
    expect_within(zoomed, versions.get_by_role("button", name="More about version 1"))
    versions.get_by_role("button", name="Close").click()
    zoomed.get_by_role("button", name="Chat page", exact=True).click()
    dialog = zoomed.get_by_role("dialog", name="Chat page")
    for part in (dialog.get_by_label("Who may use it"), dialog.get_by_role("button", name="Save")):
        expect_within(zoomed, part)


@pytest.mark.parametrize("size", [(700, 900), (720, 450), (1000, 700)])
def test_the_canvas_keeps_at_least_half_of_its_width(page: Page, server: Server, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{server.url}/flows")
    page.evaluate("localStorage.clear()")
    open_chat_flow(page, server)
    node(page, "Chat completion trigger").dispatch_event("click")
    page.get_by_role("complementary", name="Properties").wait_for()
    edge = page.get_by_role("separator", name="Width of the properties")
    edge.focus()
    for _ in range(12):
        edge.press("ArrowLeft")
    whole, free = page.evaluate(MEASURE_FREE)
    assert free >= whole / 2
    assert whole >= size[0] / 2


def test_a_toast_covers_no_figure_of_a_run_and_no_property(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/flows")
    page.evaluate("localStorage.clear()")
    open_chat_flow(page, server, answer={"model_id": ""})
    node(page, "Streaming chat completion").click(position={"x": 60, "y": 12})
    page.get_by_role("button", name="Run", exact=True).click()
    toast = page.get_by_role("listitem").filter(has_text="Not run")
    toast.wait_for()
    for covered in (page.get_by_role("region", name="Run", exact=True), page.locator("[data-properties]")):
        assert is_apart(toast, covered)
    model = page.get_by_role("combobox", name="Model")
    model.fill("claude-haiku-5-5")
    model.press("Escape")
    expect(page.get_by_role("button", name="Problems")).to_have_count(0)
    expect(toast).to_be_visible()
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("button", name=re.compile("^Stop$"))).to_be_visible()
    expect(toast).to_have_count(0)


def is_apart(one: Locator, other: Locator) -> bool:
    a, b = one.bounding_box(), other.bounding_box()
    assert a is not None
    assert b is not None
    beside = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
    return beside or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"]
