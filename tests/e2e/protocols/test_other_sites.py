"""Pages of another site, in Chromium: they call the protocols with a key of theirs, and hear a run by a ticket."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Server
from tests.e2e.rest_calls import send

FLOW = "streaming-chat"
CALLS: dict[str, tuple[str, dict[str, str], dict[str, Any]]] = {
    "chat completions": (
        "/v1/chat/completions",
        {"X-Stainless-Lang": "js", "X-Stainless-Retry-Count": "0"},
        {"model": FLOW, "messages": [{"role": "user", "content": "Hello"}], "stream": True},
    ),
    "responses": ("/v1/responses", {"X-Stainless-OS": "Unknown"}, {"model": FLOW, "input": "Hello", "stream": True}),
    "messages": (
        "/v1/messages",
        {"anthropic-version": "2023-06-01", "anthropic-dangerous-direct-browser-access": "true"},
        {"model": FLOW, "max_tokens": 9, "messages": [{"role": "user", "content": "Hello"}], "stream": True},
    ),
    "AI SDK": (
        f"/api/v1/flows/{FLOW}/ui",
        {},
        {"id": "elsewhere", "messages": [{"role": "user", "parts": [{"type": "text", "text": "Hello"}]}]},
    ),
    "AG-UI": (
        f"/api/v1/flows/{FLOW}/ag-ui",
        {"Accept": "text/event-stream"},
        {"threadId": "elsewhere", "runId": "1", "messages": [{"id": "1", "role": "user", "content": "Hello"}]},
    ),
}
ASK = """async ([url, headers, body]) => {
  try {
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: answer.status, run: answer.headers.get("X-Run"), text: await answer.text() };
  } catch (error) {
    return { blocked: error.name };
  }
}"""
HEAR = """async ([server, flow, headers, body]) => {
  const post = (path, given) =>
    fetch(server + path, { method: "POST", headers, body: given && JSON.stringify(given) }).then((it) => it.json());
  const { run } = await post(`/api/v1/flows/${flow}/submit`, body);
  const { events } = await post(`/api/v1/runs/${run}/tickets`);
  const hear = () => new Promise((resolve) => {
    const source = new EventSource(server + events);
    const heard = [];
    for (const type of ["run.started", "item", "run.completed"])
      source.addEventListener(type, (event) => {
        heard.push(JSON.parse(event.data).seq);
        if (type === "run.completed") { source.close(); resolve(heard); }
      });
    source.onerror = () => { source.close(); resolve("refused"); };
  });
  return { first: await hear(), second: await hear(), run };
}"""


class EmptyPage(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Shop</title><link rel=icon href=data:,>")

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def shop() -> Iterator[str]:
    """The origin of another site."""
    site = ThreadingHTTPServer(("127.0.0.1", 0), EmptyPage)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{site.server_port}"
    site.shutdown()


def issue_key(page: Page, *origins: str) -> str:
    fields = {"name": "Shop", "policies": ["execute"], "environments": ["development"], "origins": [*origins]}
    return str(send(page, "POST", "/api/v1/api-keys", fields)["key"])


@pytest.mark.parametrize(("path", "headers", "body"), CALLS.values(), ids=CALLS)
def test_a_page_of_another_site_calls_with_a_key_that_names_it(
    signed_in: Page, server: Server, shop: str, path: str, headers: dict[str, str], body: dict[str, Any]
) -> None:
    key = issue_key(signed_in, shop)
    credentials = {"x-api-key": key} if path == "/v1/messages" else {"Authorization": f"Bearer {key}"}
    signed_in.goto(shop)
    headers = {**headers, **credentials, "Content-Type": "application/json"}
    answer = signed_in.evaluate(ASK, [server.url + path, headers, body])
    assert answer["status"] == 200
    assert answer["run"]
    assert answer["text"].count("\n\n") > 3


def test_a_page_that_no_key_names_is_stopped_by_the_browser(signed_in: Page, server: Server, shop: str) -> None:
    path, headers, body = CALLS["chat completions"]
    key = issue_key(signed_in, "https://shop.example")
    signed_in.goto(shop.replace("127.0.0.1", "localhost"))
    headers = {**headers, "Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    assert signed_in.evaluate(ASK, [server.url + path, headers, body]) == {"blocked": "TypeError"}


def test_an_event_source_of_another_site_hears_a_run_once_by_a_ticket(
    signed_in: Page, server: Server, shop: str
) -> None:
    headers = {"Authorization": f"Bearer {issue_key(signed_in, shop)}", "Content-Type": "application/json"}
    signed_in.goto(shop)
    heard = signed_in.evaluate(HEAR, [server.url, FLOW, headers, {"prompt": "Hello"}])
    assert heard["first"] == sorted(set(heard["first"]))
    assert len(heard["first"]) > 3
    assert heard["second"] == "refused"
