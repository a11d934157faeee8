"""The call that begins a stream, in each protocol. Pure."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

NATIVE = "native SSE"
PROMPT = "go"
MESSAGES = [{"role": "user", "content": PROMPT}]
MCP_VERSION = "2026-07-28"
MCP_META = "io.modelcontextprotocol/"


class Call(NamedTuple):
    """A request, but for its host and its key."""

    path: str
    body: Mapping[str, Any]
    headers: Mapping[str, str] = {}


def _call_natively(flow: str, address: str) -> Call:
    return Call(f"/api/v1/flows/{flow}/stream", {"prompt": PROMPT})


def _call_openai(flow: str, address: str) -> Call:
    return Call("/v1/chat/completions", {"model": flow, "messages": MESSAGES, "stream": True})


def _call_responses(flow: str, address: str) -> Call:
    return Call("/v1/responses", {"model": flow, "input": PROMPT, "stream": True})


def _call_anthropic(flow: str, address: str) -> Call:
    return Call("/v1/messages", {"model": flow, "max_tokens": 1024, "messages": MESSAGES, "stream": True})


def _call_ai_sdk(flow: str, address: str) -> Call:
    message = {"id": "1", "role": "user", "parts": [{"type": "text", "text": PROMPT}]}
    # Without an id of a chat, because all streams send the same, and the runs of one chat wait for each other.
    return Call(f"/api/v1/flows/{flow}/ui", {"id": "", "trigger": "submit-message", "messages": [message]})


def _call_ag_ui(flow: str, address: str) -> Call:
    # Without a thread, as above.
    body = {"threadId": "", "runId": "1", "messages": [{"id": "1", **MESSAGES[0]}]}
    return Call(f"/api/v1/flows/{flow}/ag-ui", body)


def _call_mcp(flow: str, address: str) -> Call:
    meta = {
        "progressToken": "1",
        f"{MCP_META}protocolVersion": MCP_VERSION,
        f"{MCP_META}clientInfo": {"name": "bench", "version": "1"},
        f"{MCP_META}clientCapabilities": {},
    }
    params = {"name": address, "arguments": {"prompt": PROMPT}, "_meta": meta}
    headers = {
        "Accept": "application/json, text/event-stream",
        "Mcp-Protocol-Version": MCP_VERSION,
        "Mcp-Method": "tools/call",
        "Mcp-Name": address,
    }
    return Call("/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}, headers)


CALLS: Mapping[str, Callable[[str, str], Call]] = {
    NATIVE: _call_natively,
    "OpenAI chat": _call_openai,
    "AI SDK": _call_ai_sdk,
    "OpenAI Responses": _call_responses,
    "Anthropic Messages": _call_anthropic,
    "AG-UI": _call_ag_ui,
    "MCP": _call_mcp,
}
"""By the name of the protocol: the call of a flow, by its id or its address name."""
