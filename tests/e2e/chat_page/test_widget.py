"""The chat page in a page of another site, in Chromium. `localhost` is a site of its own beside `127.0.0.1`."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from tests.e2e.accessibility.audit import AXE_SCRIPT, DESK, PHONE, Audit
from tests.e2e.chat_page.asking import ANSWER_LIMIT_MS, ask, last_turn, wait_for_answer
from tests.e2e.chat_page.pictures import take_picture
from tests.e2e.conftest import ROOT

MAX_SCRIPT_BYTES = 6 * 1024
HOST_STYLE = "* { box-sizing: content-box; } button { all: unset; background: red; } body { font: 40px serif; }"
SHOP = """<!doctype html><html lang="en"><head><title>Shop</title><link rel="icon" href="data:,">
<style>{style}</style>{line}</head>
<body><main><h1>Shop</h1><p><a href="/other">Other page</a></p></main></body></html>"""


class ShopPage(BaseHTTPRequestHandler):
    line = ""
    """The line that its builder has pasted."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(SHOP.format(style=HOST_STYLE, line=self.line).encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    site = ThreadingHTTPServer(("127.0.0.1", 0), ShopPage)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield site.server_port
    site.shutdown()


@pytest.fixture
def shop(signed_in: Page, link: str, port: int) -> str:
    """The shop's origin, which the editor has allowed; the shop has the line that the dialog gives."""
    origin = f"http://localhost:{port}"
    dialog = signed_in.get_by_role("dialog", name="Chat page")
    dialog.get_by_role("tab", name="Other sites").click()
    sites = dialog.get_by_label("Allowed origins")
    if sites.input_value() != origin:
        sites.fill(origin)
        dialog.get_by_role("button", name="Save").click()
        expect(dialog.get_by_text("Saved.")).to_be_visible()
    ShopPage.line = dialog.locator("code").inner_text()
    assert ShopPage.line == f'<script src="{link}/widget.js" async></script>'
    return origin


@pytest.fixture
def stranger(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has never been on the server."""
    context = browser.new_context(viewport=DESK, reduced_motion="reduce", color_scheme="light")
    context.add_init_script(path=AXE_SCRIPT)
    context.set_default_timeout(ANSWER_LIMIT_MS)
    yield context
    context.close()


def open_chat(page: Page) -> FrameLocator:
    page.get_by_role("button", name="Open the chat: Mill desk").click()
    return page.frame_locator("iframe")


def test_a_visitor_of_another_site_chats_in_a_widget_and_finds_the_chat_again(
    stranger: BrowserContext, shop: str
) -> None:
    page = stranger.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(shop)
    audit = Audit(page)
    audit.judge("button")
    take_picture(page, "widget-closed")
    chat = open_chat(page)
    expect(chat.get_by_role("textbox", name="Ask a question")).to_be_focused()
    take_picture(page, "widget-open")
    ask(chat, "Who repairs the race?")
    wait_for_answer(chat)
    take_picture(page, "widget-answer")
    assert stranger.cookies() == []
    audit.judge("open")
    assert page.frames[-1].evaluate("axe.run(document).then(({ violations }) => violations.map(({ id }) => id))") == []

    page.goto(f"{shop}/other")
    chat = open_chat(page)
    expect(chat.get_by_role("article")).to_have_count(1)
    expect(last_turn(chat)).to_contain_text("Who repairs the race?")
    assert audit.faults == []
    assert errors == []


def test_the_widget_works_by_keyboard(stranger: BrowserContext, shop: str) -> None:
    page = stranger.new_page()
    page.goto(shop)
    button = page.get_by_role("button", name=re.compile("the chat: Mill desk"))
    expect(button).to_have_attribute("aria-expanded", "false")
    button.focus()
    page.keyboard.press("Enter")
    chat = page.frame_locator("iframe")
    expect(chat.get_by_role("textbox", name="Ask a question")).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "true")
    chat.get_by_role("button", name="Chats", exact=True).click()
    chat.get_by_role("searchbox").press("Escape")  # closes the list alone
    expect(chat.get_by_role("navigation", name="Chats")).to_have_count(0)
    expect(page.get_by_role("dialog", name="Mill desk")).to_be_visible()
    chat.get_by_role("textbox", name="Ask a question").press("Escape")
    expect(page.get_by_role("dialog", name="Mill desk")).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(chat.get_by_role("textbox", name="Ask a question")).to_be_focused()
    chat.get_by_role("button", name="Close the chat").click()
    expect(button).to_be_focused()


def test_in_a_narrow_window_the_chat_fills_it(stranger: BrowserContext, shop: str) -> None:
    page = stranger.new_page()
    page.set_viewport_size(PHONE)
    page.goto(shop)
    chat = open_chat(page)
    expect(chat.get_by_role("button", name="Close the chat")).to_be_visible()
    assert page.locator("iframe").bounding_box() == {"x": 0, "y": 0, **PHONE}
    take_picture(page, "widget-narrow")
    page.emulate_media(color_scheme="dark")
    take_picture(page, "widget-narrow-dark")
    chat.get_by_role("button", name="Close the chat").click()
    expect(page.get_by_role("dialog", name="Mill desk")).to_be_hidden()
    take_picture(page, "widget-narrow-closed-dark")


def test_a_foreign_site_is_told_that_it_may_not_show_the_chat(
    stranger: BrowserContext, shop: str, port: int, link: str
) -> None:
    page = stranger.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    foreign = f"http://127.0.0.1:{port}"
    page.goto(foreign)
    note = page.get_by_role("status")
    expect(note).to_contain_text(f"This chat may not be shown in pages of {foreign}.")
    assert page.get_by_role("button").count() == 0
    assert any(foreign in line for line in said)
    take_picture(page, "widget-foreign")
    for origin in (shop, foreign):  # a page that makes the frame itself is stopped by the browser
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            page.evaluate(
                "(src) => document.body.append(Object.assign(document.createElement('iframe'), { src }))",
                f"{link}/widget?origin={origin}",
            )
    assert page.frame_locator("iframe").first.get_by_role("textbox").count() == 0


def test_what_another_window_says_does_not_close_the_widget(stranger: BrowserContext, shop: str) -> None:
    page = stranger.new_page()
    page.goto(shop)
    chat = open_chat(page)
    expect(chat.get_by_role("textbox", name="Ask a question")).to_be_focused()
    page.evaluate("postMessage({ millrace: 'close' }, '*')")
    page.evaluate("document.body.append(document.createElement('iframe'))")
    page.evaluate("frames[0].eval(`parent.postMessage({ millrace: 'close' }, '*')`)")
    page.wait_for_timeout(300)
    expect(page.get_by_role("dialog", name="Mill desk")).to_be_visible()


def test_the_widget_of_a_site_that_is_no_longer_allowed_says_so(
    stranger: BrowserContext, signed_in: Page, shop: str
) -> None:
    page = stranger.new_page()
    page.goto(shop)
    chat = open_chat(page)
    expect(chat.get_by_role("textbox", name="Ask a question")).to_be_focused()
    dialog = signed_in.get_by_role("dialog", name="Chat page")
    dialog.get_by_label("Allowed origins").fill("")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Saved.")).to_be_visible()
    ask(chat, "Who repairs the race?")
    expect(chat.get_by_role("alert")).to_contain_text(f"This chat may not be shown in pages of {shop}.")
    take_picture(page, "widget-revoked")


def test_the_dialog_shows_what_to_paste(signed_in: Page, shop: str) -> None:
    audit = Audit(signed_in)
    signed_in.emulate_media(reduced_motion="reduce")
    signed_in.evaluate(AXE_SCRIPT.read_text())
    audit.judge_part("other sites", "[role=dialog]")
    take_picture(signed_in, "dialog-sites")
    signed_in.emulate_media(color_scheme="dark")
    take_picture(signed_in, "dialog-sites-dark")
    signed_in.set_viewport_size(PHONE)
    take_picture(signed_in, "dialog-sites-narrow-dark")
    assert audit.faults == []


def test_the_script_is_small_and_needs_no_other_file() -> None:
    script = (ROOT / "frontend" / "dist" / "widget.js").read_text()
    assert len(script.encode()) <= MAX_SCRIPT_BYTES
    assert not re.search(r"\b(import|export|eval|innerHTML)\b", script)
