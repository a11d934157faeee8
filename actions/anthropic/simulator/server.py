"""The ASGI application of the simulator: messages, models and token counts."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import aclosing
from typing import Any
from uuid import uuid4

from pydantic_core import from_json, to_json

from actions.anthropic.models import CURRENT_VERSION, MODELS, name_of
from actions.anthropic.simulator.answer import answer_to, tokens_of
from actions.anthropic.simulator.rules import OFFERED, Refusal, check
from actions.anthropic.simulator.script import Script
from actions.anthropic.simulator.stream import events, message, usage

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

REFUSED_KEY = "wrong-"
"""A key that begins so is refused, to show what a wrong key looks like."""
MOST_BYTES = 32 * 1024 * 1024


class Simulator:
    """One simulator. Plain ASGI, so it runs under any server and below any prefix."""

    def __init__(self, script: Script) -> None:
        self.script = script

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            await self._route(scope, receive, send)
        except Refusal as refusal:
            error = {"type": refusal.kind, "message": refusal.message}
            await _answer(send, {"type": "error", "error": error}, refusal.status)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {key.decode("latin1").lower(): value.decode("latin1") for key, value in scope["headers"]}
        key = headers.get("authorization", "").removeprefix("Bearer ").strip() or headers.get("x-api-key", "")
        if not key or key.startswith(REFUSED_KEY):
            raise Refusal(401, "authentication_error", "invalid x-api-key")
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        match scope["method"], path:
            case "GET", "/v1/models":
                await _answer(send, _models())
            case "POST", "/v1/messages":
                await self._messages(headers, receive, send)
            case "POST", "/v1/messages/count_tokens":
                body = await _body(receive)
                await _answer(send, {"input_tokens": tokens_of(to_json(body).decode())})
            case _:
                raise Refusal(404, "not_found_error", "Not found")

    async def _messages(self, headers: dict[str, str], receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if self.script.keeps_requests:
            self.script.requests.append({**body, "headers": headers})
        if self.script.errors:
            status, kind, more = self.script.errors.pop(0)
            await _answer(send, {"type": "error", "error": {"type": kind, "message": kind}}, status, more)
            return
        check(body, headers.get("anthropic-version", CURRENT_VERSION))
        if body.get("stream"):
            await self._stream(body, receive, send)
        else:
            await _answer(send, self._whole(body))

    def _whole(self, body: dict[str, Any]) -> dict[str, Any]:
        text = self.script.answer(body) if self.script.answer else answer_to(body)
        content = [{"type": "text", "text": text}]
        told = {
            "content": content,
            "stop_reason": self.script.stop_reason,
            "usage": usage(body, tokens_of(text)),
        }
        return {**message(body, _id("msg")), **told}

    async def _stream(self, body: dict[str, Any], receive: Receive, send: Send) -> None:
        await send(_start(200, "text/event-stream; charset=utf-8", {}))
        left = asyncio.create_task(_client_left(receive))
        try:
            async with aclosing(events(body, self.script, _id("msg"))) as pieces:
                async for piece in pieces:
                    if left.done():
                        self.script.closed += 1
                        return
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        except asyncio.CancelledError:
            self.script.closed += 1
            raise
        finally:
            left.cancel()
        await send({"type": "http.response.body", "body": b""})


def create_simulator(script: Script | None = None) -> Simulator:
    """Return a simulator that follows `script`; without one it behaves as in the demo, and keeps nothing."""
    return Simulator(script or Script(keeps_requests=False))


async def _client_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _body(receive: Receive) -> dict[str, Any]:
    received = b""
    more = True
    while more:
        part = await receive()
        received += part.get("body", b"")
        more = part.get("more_body", False)
        if len(received) > MOST_BYTES:
            raise Refusal(413, "request_too_large", "Request exceeds the maximum size")
    try:
        body = from_json(received)
    except ValueError:
        raise Refusal(400, "invalid_request_error", "The request body is not valid JSON.") from None
    if not isinstance(body, dict):
        raise Refusal(400, "invalid_request_error", "The request body is not valid JSON.")
    return body


async def _answer(send: Send, document: Any, status: int = 200, more: dict[str, str] | None = None) -> None:
    await send(_start(status, "application/json", more or {}))
    await send({"type": "http.response.body", "body": to_json(document)})


def _start(status: int, content_type: str, more: dict[str, str]) -> dict[str, Any]:
    headers = {"content-type": content_type, "request-id": _id("req"), **more}
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http.response.start", "status": status, "headers": encoded}


def _models() -> dict[str, Any]:
    data = [
        {
            "type": "model",
            "id": model,
            "display_name": model.replace("-", " ").title(),
            "created_at": "2026-10-21T00:00:00Z",
            "lifecycle": "active",
            "max_tokens": MODELS[name].max_tokens if (name := name_of(model)) else None,
        }
        for model in OFFERED
    ]
    return {"data": data, "has_more": False, "first_id": OFFERED[0], "last_id": OFFERED[-1]}


def _id(kind: str) -> str:
    return f"{kind}_simulated_{uuid4().hex[:16]}"


application = create_simulator()
"""The simulator of the demo."""
