"""The product below a path of a shared host name, behind nginx: nothing of it may ask for anything outside."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.targets import find_free_port
from tests.e2e.conftest import Server, build_server, sign_in
from tests.e2e.runs import expect_run
from tests.proxies.proxies import is_installed, run_proxy

SUB_PATH = "/millrace"

pytestmark = pytest.mark.skipif(not is_installed("nginx"), reason="nginx is not installed")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo behind nginx, as people reach it."""
    port = find_free_port()
    server = build_server(tmp_path_factory.mktemp("data"))
    server.url = f"https://127.0.0.1:{port}{SUB_PATH}"
    server.environment |= {"MILLRACE_PUBLIC_URL": server.url, "MILLRACE_PROXIES": "1"}
    own_port = int(server.environment["MILLRACE_PORT"])
    with server.serve(), run_proxy("nginx", port, own_port, tmp_path_factory.mktemp("proxy"), SUB_PATH):
        yield server


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "ignore_https_errors": True}


@pytest.fixture
def asked(page: Page) -> Iterator[list[str]]:
    """The paths of all that the page asks for, sockets too. Each must be below that of the product, and be answered."""
    paths: list[str] = []
    failed: list[str] = []
    page.on("request", lambda request: paths.append(urlsplit(request.url).path))
    page.on("websocket", lambda socket: paths.append(urlsplit(socket.url).path))
    page.on("response", lambda answer: failed.append(answer.url) if answer.status in (404, 502) else None)
    yield paths
    outside = {path for path in paths if not f"{path}/".startswith(f"{SUB_PATH}/")}
    assert outside <= {"/favicon.ico"}
    assert failed == []


def test_a_flow_is_opened_and_run_below_the_path(page: Page, site: Server, asked: list[str]) -> None:
    sign_in(page, site)
    page.get_by_role("link", name="Streaming chat", exact=True).click()
    page.get_by_role("button", name="Run", exact=True).click()
    expect_run(page)
    assert any(path.startswith(f"{SUB_PATH}/ws/flows/") for path in asked)
    page.reload()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_visible()
    assert urlsplit(page.url).path.startswith(f"{SUB_PATH}/flows/")
    card = page.locator(".react-flow__node", has_text="Chat completion trigger")
    card.click()
    shown = page.get_by_role("group", name="Address")
    expect(shown).to_contain_text(f"{site.url}/api/v1/flows/")
    assert {cookie["path"] for cookie in page.context.cookies()} == {SUB_PATH}


def test_every_link_of_the_pages_stays_below_the_path(page: Page, site: Server, asked: list[str]) -> None:
    sign_in(page, site)
    for name in ("API keys", "Usage", "Collections", "Documentation"):
        page.get_by_role("link", name=name).first.click()
        page.get_by_role("heading", level=1).first.wait_for()
        assert urlsplit(page.url).path.startswith(f"{SUB_PATH}/"), name
    page.get_by_role("link", name="REST", exact=True).click()
    expect(page.get_by_role("heading", name="Call a flow over REST")).to_be_visible()
    page.get_by_role("link", name="Millrace", exact=True).click()
    expect(page.get_by_role("heading", name="Flows")).to_be_visible()


def test_a_chat_page_answers_below_the_path(page: Page, site: Server, asked: list[str], browser: Browser) -> None:
    sign_in(page, site)
    page.get_by_role("link", name="Streaming chat", exact=True).click()
    page.get_by_role("button", name="Chat page", exact=True).click()
    dialog = page.get_by_role("dialog", name="Chat page")
    dialog.get_by_label("Who may use it").select_option(label="Anybody with the link")
    dialog.get_by_role("button", name="Save").click()
    link = dialog.get_by_role("link").inner_text()
    assert link.startswith(f"{site.url}/chat/")
    with browser.new_context(ignore_https_errors=True) as context:
        guest = context.new_page()
        guest.goto(link)
        guest.get_by_role("textbox").fill("When does the miller close the sluice gate?")
        guest.keyboard.press("Enter")
        expect(guest.get_by_text("You asked").first).to_be_visible()
        guest.reload()
        assert {cookie["path"] for cookie in context.cookies()} == {SUB_PATH}


def test_who_is_not_signed_in_comes_back_to_the_page(page: Page, site: Server, asked: list[str]) -> None:
    page.goto(f"{site.url}/usage")
    page.get_by_role("heading", name="Sign in").wait_for()
    assert urlsplit(page.url).path == f"{SUB_PATH}/sign-in"
    assert urlsplit(page.url).query == "next=%2Fusage"
