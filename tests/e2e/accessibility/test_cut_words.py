"""A word is cut only where there is no room for it."""

from typing import Any

from playwright.sync_api import Page

from tests.e2e.all_pages import PAGES
from tests.e2e.chat_flow import open_chat_flow
from tests.e2e.conftest import Server

SPARE_PX = 24
LIST_CUT_WORDS = """(spare) => {
  const isCut = (part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0
    && getComputedStyle(part).textOverflow === "ellipsis" && part.checkVisibility();
  const findRoom = (part) => {
    const { clientWidth } = part.parentElement;
    const { paddingLeft, paddingRight, columnGap } = getComputedStyle(part.parentElement);
    const own = part.getBoundingClientRect();
    const range = document.createRange();
    const beside = [...part.parentElement.childNodes]
      .map((each) => (range.selectNode(each), range.getBoundingClientRect()))
      .filter(({ top, bottom, width }) => width > 0 && top < own.bottom && bottom > own.top);
    const gaps = (beside.length - 1) * (parseFloat(columnGap) || 0);
    const taken = beside.reduce((sum, { width }) => sum + width, gaps);
    return clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - taken;
  };
  return [...document.querySelectorAll("body *")].filter(isCut).filter((part) => findRoom(part) > spare)
    .map((part) => `${part.textContent.slice(0, 60)}: ${Math.round(findRoom(part))} px are free`);
}"""


def list_cut_words(page: Page) -> list[Any]:
    return list(page.evaluate(LIST_CUT_WORDS, SPARE_PX))


def test_the_list_finds_a_word_that_is_cut_beside_free_room(page: Page) -> None:
    style = "width: 60px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap"
    page.set_content(f"<div style='width: 300px'><p style='{style}'>A word that is longer</p></div>")
    assert len(list_cut_words(page)) == 1
    page.set_content(f"<div style='width: 60px'><p style='{style}'>A word that is longer</p></div>")
    assert list_cut_words(page) == []
    beside = (
        "<div style='width: 160px; display: flex'>Words beside the field<p style='{0}'>A word that is longer</p></div>"
    )
    page.set_content(beside.format(style))
    assert list_cut_words(page) == []


def test_no_page_cuts_words_beside_free_room(page: Page, server: Server) -> None:
    cut: dict[str, list[Any]] = {}
    for path in PAGES:
        page.goto(f"{server.url}/{path}")
        page.get_by_role("heading", level=1).wait_for()
        cut[path] = list_cut_words(page)
    open_chat_flow(page, server)
    page.locator(".react-flow__node").nth(2).click(position={"x": 60, "y": 12})
    page.get_by_role("complementary", name="Properties").wait_for()
    cut["the editor"] = list_cut_words(page)
    assert {path: words for path, words in cut.items() if words} == {}
