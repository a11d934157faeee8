"""Flows whose expressions are dear, and bodies that make them so."""

from typing import Any

import aiohttp

from tests.flows.scripted import graph, node, path

DOCS = [{"text": f"The text of document {number}.", "n": number} for number in range(1_000)]
SAMPLES: dict[str, tuple[str, dict[str, Any], str | None]] = {
    "a text for each item": (
        "request.items.map(i, request.text + 'x')",
        {"items": DOCS[:300], "text": "a" * 500_000},
        "expression_too_large",
    ),
    "a long list, item by item": ("request.items.map(i, i.text).size()", {"items": DOCS, "text": ""}, None),
    "pairs of items": (
        "request.items.map(i, request.items.map(k, i.text + k.text)).size()",
        {"items": DOCS[:300], "text": ""},
        "expression_too_large",
    ),
}
"""By name: an expression, a body, and the code with which the run fails, or None when it succeeds."""


def build_flow(expression: str) -> dict[str, Any]:
    steps = [
        node("start", "http.trigger"),
        node("make", "data.transform", value={"expression": expression}),
        node("give", "control.return", value={"expression": "result"}),
    ]
    return graph(steps, path("start", "make", "give"))


async def create(session: aiohttp.ClientSession, url: str, document: dict[str, Any]) -> str:
    async with session.post(f"{url}/api/v1/flows", json={"name": "Expressions", "graph": document}) as answer:
        assert answer.status == 201, await answer.text()
        return str((await answer.json())["id"])
