"""Renders the page of the protocols: hand-written prose, and a table from each encoder."""

from collections.abc import Sequence
from importlib import resources
from typing import Any, get_args

from actions.contract.steps import PartKind
from actions.control.yield_return import KINDS
from flows.protocols.ag_ui.encode import AgentEvents
from flows.protocols.ai_sdk.encode import UiMessageStream
from flows.protocols.anthropic_messages.encode import MessageEvents
from flows.protocols.encoder import Encoder, Mapped
from flows.protocols.mcp.encode import ToolCallEvents
from flows.protocols.openai_chat.encode import ChatCompletionChunks
from flows.protocols.openai_responses.encode import ResponseEvents

PROTOCOLS: dict[str, tuple[str, type[Encoder[Any]]]] = {
    "openai_chat": ("Chat completions", ChatCompletionChunks),
    "openai_responses": ("Responses", ResponseEvents),
    "anthropic_messages": ("Messages", MessageEvents),
    "ai_sdk": ("AI SDK", UiMessageStream),
    "mcp": ("MCP", ToolCallEvents),
    "ag_ui": ("AG-UI", AgentEvents),
}
"""By the name of the protocol's folder: its title and its encoder, which says what it maps."""


def render_protocols_markdown() -> str:
    """Return the whole page in Markdown; `docs/protocols.md` contains the same text."""
    parts = [_read_prose("flows.protocols"), _write_kinds()]
    for name, (_, encoder) in PROTOCOLS.items():
        parts += [_read_prose(f"flows.protocols.{name}"), _write_table(encoder.mapped)]
    return "\n\n".join(parts) + "\n"


def _read_prose(package: str) -> str:
    return resources.files(package).joinpath("page.md").read_text("utf-8").strip()


def _write_kinds() -> str:
    """Return what each protocol makes of each kind that a flow may yield beside text."""
    encoders = [encoder for _, encoder in PROTOCOLS.values()]
    titles = [title for title, _ in PROTOCOLS.values()]
    rows = [
        f"| *{KINDS[kind]}* | {' | '.join(encoder.kinds.get(kind, 'left out') for encoder in encoders)} |"
        for kind in get_args(PartKind)
    ]
    return "\n".join([f"| Kind | {' | '.join(titles)} |", "|---" * (len(titles) + 1) + "|", *rows])


def _write_table(mapped: Sequence[Mapped]) -> str:
    rows = [f"| {part} | {becomes} |" for part, becomes in mapped]
    return "\n".join(["| Of a call or a run | Becomes |", "|---|---|", *rows])
