"""The text of the user's turn, and the parts of a prompt that the API may cache. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from actions.anthropic.request.history import Turn
from actions.contract.records import render

DEFAULT_TEMPLATE = "Answer from this context where it helps:\n\n<context>\n@@context\n</context>\n\n@@userPrompt"
TOKENS = ("@@context", "@@userPrompt")
ANY_TOKEN = re.compile(r"@@[A-Za-z]\w*")
CACHED = {"type": "ephemeral"}

_TOKEN = re.compile(r"@@(?:context|userPrompt)\b")


def render_prompt(user_prompt: str, context: Any, template: str | None) -> str:
    """Return the text of the user's turn. Tokens are replaced in one pass: what is put in is never read again."""
    values = {"@@context": render(context), "@@userPrompt": user_prompt}
    if not template:
        template = DEFAULT_TEMPLATE if values["@@context"].strip() else "@@userPrompt"
    return _TOKEN.sub(lambda match: values[match[0]], template)


def build_system(text: str | None, *, caching: bool) -> str | list[dict[str, Any]] | None:
    if not text or not text.strip():
        return None
    return [{"type": "text", "text": text, "cache_control": CACHED}] if caching else text


def build_messages(history: list[Turn], prompt: str | list[dict[str, Any]], *, caching: bool) -> list[Turn]:
    """Return the turns of the request; with caching, the history up to its end is marked as the stable part."""
    turns = list(history)
    if caching and turns:
        turns[-1] = {**turns[-1], "content": _mark_cached(turns[-1]["content"])}
    return [*turns, {"role": "user", "content": prompt}]


def _mark_cached(content: Any) -> list[Mapping[str, Any]]:
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else list(content)
    blocks[-1] = {**blocks[-1], "cache_control": CACHED}
    return blocks
