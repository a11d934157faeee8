"""What a phone shows whole: the titles of dialogs, and the rows of every list."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.conftest import Server
from tests.e2e.rest_calls import send

FITS_SIDEWAYS = "({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth"
FRAMES_FIT = "tables => tables.every(({ parentElement: frame }) => frame.scrollWidth <= frame.clientWidth)"
AT = "2026-11-30T08:00:00Z"
WHY = "The prompt is too long: " + "214,000 tokens are more than the model takes. " * 6
RUN: dict[str, Any] = {
    "id": "r",
    "flow": "f",
    "flow_name": "A flow with quite a long name",
    "revision": 2,
    "environment": "production",
    "caller": "visitor",
    "status": "running",
    "waits_for": None,
    "started_at": AT,
    "finished_at": None,
    "error": None,
}
FAILED = {**RUN, "id": "x", "status": "failed", "finished_at": AT, "error": {"code": "bad_request", "message": WHY}}
QUEUE = {
    "workers": 2,
    "waiting": [{**RUN, "id": "w", "waits_for": "turn"}],
    "waiting_count": 1,
    "running": [RUN],
    "running_count": 1,
    "failed": [FAILED],
}


def test_the_title_of_the_recovery_codes_is_whole(signed_in: Page, server: Server) -> None:
    page = signed_in
    account = page.evaluate("async () => (await fetch('/api/v1/account')).json()")
    account["second_factor"] = {"since": AT, "codes_left": 3}
    page.route(re.compile("/api/v1/account$"), lambda route: route.fulfill(json=account))
    page.route(re.compile("/recovery-codes$"), lambda route: route.fulfill(json={"codes": ["abcdefghij"]}))
    page.goto(f"{server.url}/account")
    page.get_by_role("button", name="New recovery codes").click()
    page.get_by_label("Code", exact=True).fill("123456")
    page.keyboard.press("Enter")
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.get_by_role("heading", name="Keep your recovery codes").evaluate(FITS_SIDEWAYS)


def test_the_queue_fits_and_a_reason_is_read_in_full(signed_in: Page, server: Server) -> None:
    page = signed_in
    page.set_viewport_size({"width": 390, "height": 844})
    page.route(re.compile("/api/v1/queue$"), lambda route: route.fulfill(json=QUEUE))
    page.goto(f"{server.url}/queue")
    page.get_by_role("table", name="Failed").wait_for()
    assert page.get_by_role("table").evaluate_all(FRAMES_FIT)
    page.get_by_role("button", name="show why the run of A flow").click()
    expect(page.get_by_role("dialog").get_by_text(WHY.strip())).to_be_in_viewport(ratio=1)


LISTS = [
    *(("flows", "Flows, with their runs in the last 24 hours"), ("connections", "Connections")),
    *(("variables", "Variables"), ("collections", "Collections"), ("api-keys", "API keys"), ("members", "Members")),
    *(("audit-log", "Audit log"), ("account", "Browsers that are signed in")),
    ("collections/{handbook}", "Documents"),
]
LEFT_OUT = {"flows": {"First chunk, median", "Runs", "Runs by hour", "Updated"}}
HIDDEN_CELLS = """cells => {
  const hidden = cells.filter((cell) => cell.textContent !== "" && cell.offsetHeight === 0);
  return hidden.map((cell) => cell.dataset.title);
}"""
VARIABLE = {"name": "GREETING_OF_THE_HOUSE", "values": {"production": "https://example.com/" + "path/" * 30}}
KEY = {"name": "The site of the shop in the old town", "policies": ["execute"]}
INVITATION = {"role": "editor", "address": "somebody.with.a.long.address@example.com"}


@pytest.fixture
def with_rows(signed_in: Page) -> Iterator[Page]:
    """A page of a workspace in which no list is empty. Afterwards they are as before: other tests need them empty."""
    made = []
    for path, body in (("variables", VARIABLE), ("api-keys", KEY), ("invitations", INVITATION)):
        made.append(f"/api/v1/{path}/{send(signed_in, 'POST', f'/api/v1/{path}', body)['id']}")
    yield signed_in
    for path in made:
        assert send(signed_in, "DELETE", path, None) is None


def find_handbook(page: Page) -> str:
    """Return the id of the demo's collection."""
    collections = send(page, "GET", "/api/v1/collections", None)["collections"]
    return next(str(each["id"]) for each in collections if each["name"] == "Mill handbook")


def test_every_list_fits_and_hides_no_cell(with_rows: Page, server: Server) -> None:
    page = with_rows
    handbook = find_handbook(page)
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        for path, name in LISTS:
            page.goto(f"{server.url}/{path.format(handbook=handbook)}")
            page.get_by_role("table", name=name, exact=True).locator("tbody tr").first.wait_for()
            assert page.get_by_role("table").evaluate_all(FRAMES_FIT), f"{path} at {width}"
            hidden = set(page.locator("td").evaluate_all(HIDDEN_CELLS))
            assert hidden <= LEFT_OUT.get(path, set()), f"{path} at {width}"


def test_uploads_fit_and_say_why_they_are_refused(signed_in: Page, server: Server) -> None:
    page = signed_in
    page.set_viewport_size({"width": 320, "height": 844})
    page.goto(f"{server.url}/collections/{find_handbook(page)}")
    # The first upload gets no answer, so that it stays in progress.
    page.route(re.compile("/documents$"), lambda route: None if route.request.method == "POST" else route.continue_())
    names = ("The codes of all the faults of the mill.txt", "second.txt", "A_picture_of_the_mill_in_the_morning.png")
    files: list[FilePayload] = [{"name": name, "mimeType": "text/plain", "buffer": b"text"} for name in names]
    page.get_by_label("Documents to upload").set_input_files(files)
    page.get_by_role("progressbar").wait_for()
    assert page.get_by_role("table").evaluate_all(FRAMES_FIT)
    assert page.locator("td").evaluate_all(HIDDEN_CELLS) == []
    expect(page.get_by_text("This kind of file is not read. Upload a")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name=f"Remove from the list: {names[2]}").click()
    expect(page.get_by_text(names[2])).to_have_count(0)


def test_the_menu_of_the_person_stays_in_view(signed_in: Page, server: Server) -> None:
    page = signed_in
    for width in (799, 390, 320):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(f"{server.url}/audit-log")
        expect(page.get_by_role("button", name="theme and signing out")).to_be_in_viewport(ratio=1)
