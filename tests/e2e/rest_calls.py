"""Calls of the REST API from a page of the server, with the session of who is signed in."""

import json
from typing import Any

from playwright.sync_api import Page

SEND = """async ([method, path, body]) => {
  const token = document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "";
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const response = await fetch(path, { method, headers, body: JSON.stringify(body) });
  return JSON.stringify(await response.json());  // as text: not every key survives the way out of the page as an object
}"""


def send(page: Page, method: str, path: str, body: Any) -> Any:
    return json.loads(page.evaluate(SEND, [method, path, body]))
