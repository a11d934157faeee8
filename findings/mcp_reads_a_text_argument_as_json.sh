#!/usr/bin/env bash
# mcp 2.3.0 (Python SDK): a tool whose parameter is "str | None" does not receive a text that happens to be JSON.
#
# Seen: for such a parameter the text {"a": 1} is refused with "Input should be a valid string", and the text null
# arrives as None. A parameter that is "str" alone receives both texts as they were sent.
# Expected: a JSON string in the call is a text in the tool, since the schema of the parameter allows strings.
# Who meets it: an optional text parameter is the usual way to declare "body", "note" or "code". As soon as a model
# passes a piece of JSON in it, the call fails, and the model is told that its string is not a string.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 120 venv/bin/pip install --quiet --no-compile --disable-pip-version-check mcp==2.3.0
timeout 30 venv/bin/python - <<'PY'
import asyncio
import logging

import mcp
from mcp.server import MCPServer

logging.disable()
server = MCPServer("notes")


@server.tool()
def save_optional(body: str | None = None) -> str:
    return repr(body)


@server.tool()
def save_required(body: str) -> str:
    return repr(body)


async def call_tools() -> dict[tuple[str, str], tuple[bool, str]]:
    answers = {}
    async with mcp.Client(server) as client:
        for tool in ("save_required", "save_optional"):
            for body in ("tea", '{"a": 1}', "null"):
                result = await client.call_tool(tool, {"body": body})
                answers[tool, body] = (result.is_error, result.content[0].text)
                print(f"{tool}({body!r}): {'error' if result.is_error else 'result'}", result.content[0].text.splitlines()[-2:])
    return answers


answers = asyncio.run(call_tools())
assert answers["save_required", '{"a": 1}'] == (False, repr('{"a": 1}'))
assert answers["save_required", "null"] == (False, "'null'")
assert answers["save_optional", "tea"] == (False, "'tea'")
assert answers["save_optional", "null"] == (False, "None")
is_error, text = answers["save_optional", '{"a": 1}']
assert is_error and "valid string" in text
PY
