"""The pages of the browser application."""

from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings
from selectolax.lexbor import LexborHTMLParser

from actions.contract.errors import DomainError
from web.errors import build_not_found, get_status
from web.middleware import request_id
from web.pages import NOT_FOUND_TEXT, show_error
from workspaces.throttle import Throttle

PAGES = [
    "/",
    "/flows",
    "/flows/7d5d1f0e",
    "/connections",
    "/api-keys",
    "/sign-in",
]


@pytest.fixture
def build(settings: Settings, tmp_path: Path) -> None:
    settings.MILLRACE_FRONTEND_DIR = tmp_path
    (tmp_path / "index.html").write_text("<title>Built</title>")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.usefixtures("build")
def test_a_page_is_the_built_application_with_the_cookie_that_it_needs(path: str) -> None:
    response = Client().get(path)
    assert response.content == b"<title>Built</title>"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.cookies["csrftoken"]["samesite"] == "Lax"


def test_without_a_build_a_page_says_what_to_run(settings: Settings, tmp_path: Path) -> None:
    settings.MILLRACE_FRONTEND_DIR = tmp_path
    response = Client().get("/")
    assert response.status_code == 503
    assert "make build" in response.content.decode()


def test_an_unknown_page_is_a_page_and_an_unknown_address_of_the_api_is_an_error_body() -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    assert "<h1>There is nothing at this address.</h1>" in Client().get("/nowhere", headers=browser).content.decode()
    assert Client().get("/api/v1/nowhere", headers=browser).json()["error"]["code"] == "not_found"


UNKNOWN_PATHS = ["/nowhere", "/v2/chat/completions", "/docs/nowhere", "/docs/actions/nothing", "/favicon.ico", "/api"]
NOT_PAGES = ["*/*", "", "application/json", "application/json, text/html", "text/html;q=0.1, */*", "image/png"]


@pytest.mark.parametrize("path", UNKNOWN_PATHS)
@pytest.mark.parametrize("accept", NOT_PAGES)
def test_a_program_at_an_unknown_address_is_answered_in_json(path: str, accept: str) -> None:
    response = Client().get(path, headers={"Accept": accept})
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", UNKNOWN_PATHS)
@pytest.mark.parametrize("accept", ["text/html", "text/html, application/json", "text/*, application/json;q=0.5"])
def test_a_browser_at_an_unknown_address_is_shown_a_page(path: str, accept: str) -> None:
    response = Client().get(path, headers={"Accept": accept})
    assert (response.status_code, response["Content-Type"]) == (404, "text/html; charset=utf-8")


STAY, LATER = ["Open Millrace", "Documentation"], ["Load again", "Open Millrace", "Documentation"]
ERRORS = {
    "not found": (build_not_found(), STAY),
    "forbidden": (DomainError("forbidden", "not_allowed", "This is not allowed."), STAY),
    "too many": (Throttle("test", 1, 60).build_refusal(), LATER),
    "internal": (DomainError("internal", "server_error", "It failed."), LATER),
}


@pytest.mark.parametrize(("error", "ways"), ERRORS.values(), ids=list(ERRORS))
def test_the_page_of_an_error_says_it_and_leads_on(rf: RequestFactory, error: DomainError, ways: list[str]) -> None:
    response = show_error(rf.get("/somewhere", headers={"Accept": "text/html"}), error)
    page = LexborHTMLParser(response.content)
    assert response.status_code == get_status(error)
    assert [head.text() for head in page.css("main h1")] == [error.message]
    addresses = {"Load again": "", "Open Millrace": "/", "Documentation": "/docs/"}
    links = [(link.text(), link.attributes["href"] or "") for link in page.css("main a")]
    assert links == [(way, addresses[way]) for way in ways]
    text = page.html or ""
    assert f"<code>{request_id.get_request_id()}</code>" in text
    assert "light-dark(" in text


def test_a_page_that_is_not_found_says_what_to_look_for() -> None:
    page = Client().get("/nowhere", headers={"Accept": "text/html"}).content.decode()
    assert NOT_FOUND_TEXT in page


def test_a_form_cannot_frame_or_post_the_pages() -> None:
    assert "frame-ancestors 'none'" in Client().get("/").headers["Content-Security-Policy"]
    assert Client().post("/").status_code == 405
