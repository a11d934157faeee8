"""A flow whose schema makes the check of a body dear, and such bodies."""

from collections.abc import Callable
from typing import Any

import aiohttp

from tests.flows.scripted import graph, node, path

TWICE = {"allOf": [{"$ref": "#/$defs/t"}, {"$ref": "#/$defs/t"}]}
SCHEMA = {
    "type": "object",
    "properties": {
        "rows": {"type": "array", "uniqueItems": True, "items": {"type": "object"}},
        "text": {"type": "string", "pattern": "^(a+)+$"},
        "tree": {"$ref": "#/$defs/t"},
    },
    "$defs": {"t": {"type": "object", "properties": {"n": TWICE}}},
}


def build_rows(count: int) -> dict[str, Any]:
    return {"rows": [{"a": number} for number in range(count)]}


def build_tree(depth: int) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for _ in range(depth):
        tree = {"n": tree}
    return {"tree": tree}


BODIES: dict[str, tuple[Callable[[], dict[str, Any]], int]] = {
    "ordinary objects": (lambda: build_rows(2_500), 200),
    "many ordinary objects": (lambda: build_rows(15_000), 200),
    "a text that Python's patterns never end with": (lambda: {"text": "a" * 50_000 + "!"}, 422),
    "a value that is looked at twice at each level": (lambda: build_tree(29), 422),
}


async def create_flow(session: aiohttp.ClientSession, url: str) -> str:
    give = node("give", "control.return", value="done")
    document = graph([node("start", "http.trigger", body_schema=SCHEMA), give], path("start", "give"))
    async with session.post(f"{url}/api/v1/flows", json={"name": "Schema", "graph": document}) as answer:
        assert answer.status == 201, await answer.text()
        return str((await answer.json())["id"])


async def start_run(session: aiohttp.ClientSession, url: str, flow: str, body: dict[str, Any]) -> int:
    async with session.post(f"{url}/api/v1/flows/{flow}/run", json=body) as answer:
        await answer.read()
        return answer.status
