"""Reads a message of the protocol. Pure.

There are two generations. In the older one a client first sends `initialize`, and may keep a session. In the newer one,
which has no state, each message says in its own `_meta` what version it speaks, and repeats some of itself in headers.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from actions.contract.errors import DomainError
from flows.protocols.mcp.errors import HEADER_MISMATCH, INVALID_PARAMS, INVALID_REQUEST, UNSUPPORTED_VERSION, RpcError

HANDSHAKE_VERSIONS = ("2025-03-26", "2025-06-18", "2025-11-25")
STATELESS_VERSIONS = ("2026-07-28",)
ASSUMED_VERSION = "2025-03-26"
"""Of a message that names none, as the protocol says."""
VERSION_HEADER = "Mcp-Protocol-Version"
METHOD_HEADER = "Mcp-Method"
NAME_HEADER = "Mcp-Name"
SESSION_HEADER = "Mcp-Session-Id"
META_VERSION = "io.modelcontextprotocol/protocolVersion"
META_CAPABILITIES = "io.modelcontextprotocol/clientCapabilities"

MAX_ID_CHARACTERS = 200
"""Of the id of a message, and of a token of progress, which each notification repeats."""
MAX_NAME_CHARACTERS = 200
SESSION_PATTERN = r"[!-~]{1,128}"
_ENCODED = re.compile(r"=\?base64\?(.*)\?=")

Id = str | int


@dataclass(frozen=True, slots=True)
class Headers:
    """What the headers of a request say of its message; None for what they leave out."""

    version: str | None
    method: str | None
    name: str | None
    session: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a notification of a client."""

    method: str
    params: Mapping[str, Any]
    id: Id | None
    """None for a notification."""
    headers: Headers

    @property
    def is_stateless(self) -> bool:
        """Whether it is of the newer generation. A version that no generation has is answered by the newer one."""
        return self.headers.version is not None and self.headers.version not in HANDSHAKE_VERSIONS

    @property
    def has_links(self) -> bool:
        """Whether its version has links in a result."""
        return (self.headers.version or ASSUMED_VERSION) != ASSUMED_VERSION


@dataclass(frozen=True, slots=True)
class ToolCall:
    """What `tools/call` asks for."""

    tool: str
    arguments: Mapping[str, Any]
    progress_token: Id | None
    """By which the caller knows the notifications of progress; None when it wants none."""


def read_message(value: Any, headers: Headers) -> Message:
    """Return the message that a body holds; raises RpcError."""
    if not isinstance(value, dict) or value.get("jsonrpc") != "2.0" or not isinstance(value.get("method"), str):
        hint = "Send a single JSON-RPC 2.0 request or notification; there are no batches."
        raise RpcError(INVALID_REQUEST, "The body is no message of the protocol.", hint=hint)
    if "id" in value and not is_id(value["id"]):
        raise RpcError(INVALID_REQUEST, f"id must be a whole number or a text up to {MAX_ID_CHARACTERS} characters.")
    params = value.get("params", {})
    if not isinstance(params, dict):
        raise RpcError(INVALID_PARAMS, "params is not an object.")
    return Message(value["method"], params, value.get("id"), headers)


def is_id(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= MAX_ID_CHARACTERS
    return isinstance(value, int) and not isinstance(value, bool)


def check_envelope(message: Message) -> None:
    """Raise RpcError unless a message of the newer generation agrees with its headers and with this server."""
    meta = message.params.get("_meta")
    if message.id is not None:
        if not isinstance(meta, dict) or META_VERSION not in meta or META_CAPABILITIES not in meta:
            raise RpcError(INVALID_PARAMS, f"params._meta must have {META_VERSION!r} and {META_CAPABILITIES!r}.")
        _check_headers(message, meta)
    if message.headers.version not in STATELESS_VERSIONS:
        supported, requested = [*STATELESS_VERSIONS, *HANDSHAKE_VERSIONS], (message.headers.version or "")[:100]
        text = "This server does not speak that version of the protocol."
        raise RpcError(UNSUPPORTED_VERSION, text, supported=supported, requested=requested)


def _check_headers(message: Message, meta: Mapping[str, Any]) -> None:
    given = message.headers
    pairs = [(VERSION_HEADER, given.version, meta[META_VERSION]), (METHOD_HEADER, given.method, message.method)]
    if message.method == "tools/call" and message.params.get("name") is not None:
        pairs.append((NAME_HEADER, _decode_header(given.name), message.params["name"]))
    for name, told, meant in pairs:
        if told is None or told != meant:
            raise RpcError(HEADER_MISMATCH, f"The header {name} does not say what the body says.")


def _decode_header(value: str | None) -> str | None:
    """Return a header as it was meant: one that a header cannot hold comes in base64. None for what cannot be read."""
    match = _ENCODED.fullmatch(value or "")
    if match is None:
        return value
    try:
        return base64.b64decode(match[1], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def choose_version(params: Mapping[str, Any]) -> str:
    """Return the version in which an `initialize` is answered: the one that it asks for, else the newest."""
    asked = params.get("protocolVersion")
    if not isinstance(asked, str):
        raise RpcError(INVALID_PARAMS, "protocolVersion is missing.")
    return asked if asked in HANDSHAKE_VERSIONS else HANDSHAKE_VERSIONS[-1]


def read_cursor(params: Mapping[str, Any]) -> str:
    """Return behind which tool the page that is asked for begins; empty for the first page."""
    cursor = params.get("cursor")
    if cursor is None:
        return ""
    if not isinstance(cursor, str) or len(cursor) > MAX_NAME_CHARACTERS:
        raise RpcError(INVALID_PARAMS, "The cursor is none of this server.")
    return cursor


def read_tool_call(params: Mapping[str, Any]) -> ToolCall:
    """Return what a `tools/call` asks for; raises RpcError."""
    name, arguments, meta = params.get("name"), params.get("arguments"), params.get("_meta")
    if not isinstance(name, str) or len(name) > MAX_NAME_CHARACTERS:
        raise RpcError(INVALID_PARAMS, "name must be the name of a tool.")
    if arguments is not None and not isinstance(arguments, dict):
        raise RpcError(INVALID_PARAMS, "arguments is not an object.")
    token = meta.get("progressToken") if isinstance(meta, dict) else None
    if token is not None and not is_id(token):
        text = f"progressToken must be a whole number or a text up to {MAX_ID_CHARACTERS} characters."
        raise RpcError(INVALID_PARAMS, text)
    return ToolCall(name, arguments or {}, token)


def read_cancelled_id(params: Mapping[str, Any]) -> Id:
    """Return the id of the request that a `notifications/cancelled` names; raises RpcError."""
    id: Id | None = params.get("requestId")
    if id is None or not is_id(id):
        raise RpcError(INVALID_PARAMS, "requestId is missing.")
    return id


def check_session(session: str | None) -> None:
    """Raise DomainError when a session cannot be one of this server."""
    if session is not None and not re.fullmatch(SESSION_PATTERN, session):
        text = f"The header {SESSION_HEADER} is none of this server. Send the one that initialize has answered."
        raise DomainError("malformed", "bad_session_id", text, field=SESSION_HEADER)


def build_start_key(session: str, id: Id) -> str:
    """Return the Idempotency-Key of a request of a session: the same request is the same run, and can be cancelled."""
    return f"mcp-{hashlib.sha256(to_json([session, id])).hexdigest()}"
