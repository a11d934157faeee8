"""Values on which parsers differ, as Chromium reads them: over REST, and on the canvas."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Server
from tests.e2e.rest_calls import send
from tests.flows.scripted import graph, node, path, trigger
from tests.odd_values import CARRIED, REFUSED


def create_flow(page: Page, name: str, source: dict[str, Any], expression: str) -> str:
    value = {"expression": expression}
    steps = [
        trigger(),
        source,
        node("yield", "control.yield_return", value=value),
        node("r", "control.return", value=value),
    ]
    document = graph(steps, path("trigger", "source", "yield", "r"))
    flow = send(page, "POST", "/api/v1/flows", {"name": name, "description": ""})
    for index, step in enumerate(document["nodes"]):
        step["position"] = {"x": 40 + 280 * index, "y": 80}
    send(page, "PUT", f"/api/v1/flows/{flow['id']}/graph", {"revision": flow["revision"], "graph": document})
    return str(flow["id"])


def test_chromium_reads_what_every_odd_text_becomes(signed_in: Page) -> None:
    source = node("source", "data.parse_json", text={"expression": "chatCompletionRequest.prompt"})
    flow = create_flow(signed_in, "Odd values", source, "json")
    for name, (text, value) in CARRIED.items():
        outcome = send(signed_in, "POST", f"/api/v1/flows/{flow}/run", {"prompt": text})
        assert round_as_a_browser(outcome["result"]) == round_as_a_browser(value), name
    for name, text in REFUSED.items():
        outcome = send(signed_in, "POST", f"/api/v1/flows/{flow}/run", {"prompt": text})
        assert outcome["error"]["code"] == "invalid_json", name


def round_as_a_browser(value: Any) -> Any:
    """Return the value with its numbers as JavaScript holds them: all of them are fractions."""
    return json.loads(json.dumps(value), parse_int=float)


ON_THE_CANVAS = {
    "infinity": (node("source", "data.transform", value={"expression": "1.0 / 0.0"}), "result", "Failed"),
    "half of a pair": (node("source", "data.parse_json", text='"a\\ud83d\\u0000"'), "json", "Completed"),
    "a large number": (node("source", "data.parse_json", text="1e400"), "json", "Failed"),
}


@pytest.mark.parametrize(("source", "variable", "end"), ON_THE_CANVAS.values(), ids=ON_THE_CANVAS)
def test_the_canvas_shows_the_end_of_a_run(
    signed_in: Page, server: Server, source: dict[str, Any], variable: str, end: str
) -> None:
    flow = create_flow(signed_in, f"Odd {end} {variable}", source, variable)
    for _ in range(2):  # as it runs, and as the log tells it after a reload
        signed_in.goto(f"{server.url}/flows/{flow}")
        signed_in.get_by_role("button", name="Run", exact=True).click()
        expect(signed_in.get_by_text(end).first).to_be_visible()
        expect(signed_in.get_by_role("button", name="Stop", exact=True)).not_to_be_visible()
