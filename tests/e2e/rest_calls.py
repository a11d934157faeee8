"""Calls of the REST API from a page of the server, with the session of who is signed in."""

import json
from typing import Any

from playwright.sync_api import Page

SEND = """async ([method, path, body]) => {
  const token = document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "";
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const response = await fetch(path, { method, headers, body: body === null ? null : JSON.stringify(body) });
  // As text: not every key survives the way out of the page as an object.
  return response.status === 204 ? "null" : JSON.stringify(await response.json());
}"""


def send(page: Page, method: str, path: str, body: Any) -> Any:
    """Return the answer, which is None where it has no content. Without a body, `body` is None."""
    return json.loads(page.evaluate(SEND, [method, path, body]))
