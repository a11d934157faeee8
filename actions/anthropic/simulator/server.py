"""The ASGI application of the simulator: messages, models and token counts."""

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import aclosing
from typing import Any
from uuid import uuid4

from pydantic_core import from_json, to_json

from actions.anthropic.models import get_facts
from actions.anthropic.simulator.answer import count_tokens, get_counted_text, get_text
from actions.anthropic.simulator.content import compose
from actions.anthropic.simulator.refusal import Refusal, build_refusal
from actions.anthropic.simulator.rules import NEEDED_FIELDS, check, check_model, check_version
from actions.anthropic.simulator.script import Request, Script
from actions.anthropic.simulator.stream import SocketClosed, build_message, build_usage, stream_events

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

REFUSED_KEY_PREFIX = "wrong-"
"""A key that begins so is refused, to show what a wrong key looks like."""
MAX_REQUEST_BYTES = 32 * 1024 * 1024
COUNTED_FIELDS = ("model", "messages")
OFFERED_MODELS = (
    "claude-fable-5-2",
    "claude-haiku-5-5",
    "claude-sonnet-5-5",
    "claude-opus-5-5",
    "claude-opus-5",
    "claude-sonnet-5",
    "claude-opus-4-6",
    "claude-sonnet-4-6",
    "claude-haiku-4-5",
)
"""The models on offer, newest first; other models that exist answer too."""
UNKNOWN_DATE = "1970-01-01T00:00:00Z"  # what the API tells when it does not know a date of release


class Simulator:
    """One simulator. Plain ASGI, so it runs under any server and below any prefix."""

    def __init__(self, script: Script) -> None:
        self.script = script

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _answer_lifespan(receive, send)
        if scope["type"] != "http":
            return
        try:
            await self._route(scope, receive, send)
        except Refusal as refusal:
            await _refuse(send, refusal.status, refusal.kind, refusal.message)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {key.decode("latin1").lower(): value.decode("latin1") for key, value in scope["headers"]}
        key = headers.get("authorization", "").removeprefix("Bearer").strip() or headers.get("x-api-key", "")
        if not key or key.startswith(REFUSED_KEY_PREFIX):
            raise Refusal(401, "authentication_error", "invalid x-api-key")
        check_version(headers.get("anthropic-version", ""))
        match scope["method"], scope["path"].removeprefix(scope.get("root_path", "")):
            case "POST", "/v1/messages":
                await self._answer_messages(headers, receive, send)
            case "POST", "/v1/messages/count_tokens":
                await _answer(send, _count_tokens(await _read_body(receive), headers["anthropic-version"]))
            case "GET", "/v1/models":
                await _answer(send, _describe_models())
            case "GET", path if path.startswith("/v1/models/"):
                await _answer(send, _describe_model(path.removeprefix("/v1/models/")))
            case _:
                raise Refusal(404, "not_found_error", "Not found")

    async def _answer_messages(self, headers: dict[str, str], receive: Receive, send: Send) -> None:
        body = await _read_body(receive)
        if self.script.keeps_requests:
            self.script.requests.append({**body, "headers": headers})
        if self.script.errors:
            status, kind, extra_headers = self.script.errors.pop(0)
            await _refuse(send, status, kind, "Scripted", extra_headers)
            return
        check(body, headers["anthropic-version"], NEEDED_FIELDS)
        if body.get("stream"):
            await self._stream(body, receive, send)
        else:
            await _answer(send, self._build_message(body))

    def _build_message(self, body: Request) -> dict[str, Any]:
        answer = compose(body, self.script)
        return {
            **build_message(body, _make_id("msg")),
            "content": answer.content,
            "stop_reason": answer.stop_reason,
            "stop_sequence": answer.stop_sequence,
            "stop_details": answer.stop_details,
            "usage": build_usage(body, answer),
        }

    async def _stream(self, body: Request, receive: Receive, send: Send) -> None:
        """Send the events as they come, and stop as soon as the client has left."""
        await send(_build_start(200, "text/event-stream; charset=utf-8", {}))
        sending = asyncio.create_task(self._send(body, send))
        leaving = asyncio.create_task(_wait_for_disconnect(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
        finally:
            self.script.closed += not sending.done()
            leaving.cancel()
            sending.cancel()
            await asyncio.gather(leaving, sending, return_exceptions=True)

    async def _send(self, body: Request, send: Send) -> None:
        try:
            async with aclosing(stream_events(body, self.script, _make_id("msg"))) as pieces:
                async for piece in pieces:
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        except SocketClosed:
            return  # a server closes the socket of an application that leaves its body unfinished
        await send({"type": "http.response.body", "body": b""})


def create_simulator(script: Script | None = None) -> Simulator:
    """Return a simulator that follows `script`; without one it behaves as in the demo, and keeps nothing."""
    return Simulator(script or Script(keeps_requests=False))


async def _answer_lifespan(receive: Receive, send: Send) -> None:
    for _ in range(2):
        event = await receive()
        await send({"type": f"{event['type']}.complete"})


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _read_body(receive: Receive) -> Request:
    content, extra_headers = b"", True
    while extra_headers:
        part = await receive()
        if part["type"] == "http.disconnect":
            raise build_refusal("The request ended early.")
        content += part.get("body", b"")
        extra_headers = part.get("more_body", False)
        if len(content) > MAX_REQUEST_BYTES:
            raise Refusal(413, "request_too_large", "Request exceeds the maximum size")
    try:
        body = from_json(content)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise build_refusal("The request body is not valid JSON.")
    return body


def _count_tokens(body: Request, version: str) -> dict[str, int]:
    check(body, version, COUNTED_FIELDS)
    text = get_text(body.get("system")) + "".join(get_counted_text(turn["content"]) for turn in body["messages"])
    return {"input_tokens": count_tokens(text)}


async def _refuse(
    send: Send, status: int, kind: str, message: str, extra_headers: dict[str, str] | None = None
) -> None:
    request_id = _make_id("req")
    document = {"type": "error", "error": {"type": kind, "message": message}, "request_id": request_id}
    await _answer(send, document, status, {"request-id": request_id, **(extra_headers or {})})


async def _answer(send: Send, document: Any, status: int = 200, extra_headers: dict[str, str] | None = None) -> None:
    await send(_build_start(status, "application/json", extra_headers or {}))
    await send({"type": "http.response.body", "body": to_json(document)})


def _build_start(status: int, content_type: str, extra_headers: dict[str, str]) -> dict[str, Any]:
    headers = {"content-type": content_type, "request-id": _make_id("req"), **extra_headers}
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http.response.start", "status": status, "headers": encoded}


def _describe_models() -> dict[str, Any]:
    data = [_describe_model(model) for model in OFFERED_MODELS]
    return {"data": data, "has_more": False, "first_id": data[0]["id"], "last_id": data[-1]["id"]}


def _describe_model(model: str) -> dict[str, Any]:
    check_model(model)
    facts = get_facts(model)
    return {
        "type": "model",
        "id": model,
        "display_name": _build_display_name(model),
        "created_at": UNKNOWN_DATE,
        "lifecycle": "active",
        "max_tokens": facts.max_tokens if facts else None,
    }


def _build_display_name(model: str) -> str:
    """Return the name that people read: `Claude Fable 5.2` for `claude-fable-5-2`."""
    return re.sub(r"(?<=\d)-(?=\d)", ".", model).replace("-", " ").title()


def _make_id(kind: str) -> str:
    return f"{kind}_simulated_{uuid4().hex[:16]}"


application = create_simulator()
"""The simulator of the demo."""
