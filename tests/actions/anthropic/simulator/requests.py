"""Requests that the tests send to the simulator, over a real socket: through the SDK, or as they are written."""

import json
from typing import Any

import httpx2

from actions.anthropic.connection import AnthropicConnection
from actions.anthropic.simulator import Script, create_simulator
from actions.anthropic.stream.api_message import ApiMessage
from actions.anthropic.stream.message_stream import open_stream
from actions.anthropic.stream.parts import Part
from actions.anthropic.stream.timing import Timing
from tests.actions.anthropic.conftest import KEY, QUICK, Connect
from tests.actions.anthropic.simulator.serving import serve

ASK: dict[str, Any] = {"model": "claude-haiku-4-5", "max_tokens": 1000, "messages": [{"role": "user", "content": "Hi"}]}
HEADERS = {"authorization": f"Bearer {KEY}", "anthropic-version": "2026-10-21"}


def fast(**how: Any) -> Script:
    return Script(**{"pause_s": 0, "first_pause_s": 0, "answer": lambda _: "One two three. Four five six.", **how})


async def answered(
    connection: AnthropicConnection, timing: Timing = QUICK, **request: Any
) -> tuple[list[Part], ApiMessage]:
    async with open_stream(connection, {**ASK, **request}, timing=timing) as stream:
        return [part async for part in stream], stream.message


async def asked(script: Script, connect: Connect, **request: Any) -> tuple[list[Part], ApiMessage]:
    async with serve(create_simulator(script)) as url:
        return await answered(connect(url, api_version=request.pop("version", "2026-10-21")), **request)


async def post(url: str, body: Any, path: str = "/v1/messages", **headers: str) -> httpx2.Response:
    async with httpx2.AsyncClient(trust_env=False) as client:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await client.post(f"{url}{path}", content=content, headers={**HEADERS, **headers})


def asking(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": [*blocks, {"type": "text", "text": "Hi"}]}]}


def cited(**change: Any) -> dict[str, Any]:
    """A question with a search result that may be cited."""
    result = {"source": "mill.md", "title": "Mill", "content": [{"type": "text", "text": "Water drives it. It turns."}]}
    return asking({"type": "search_result", **result, "citations": {"enabled": True}, **change})
