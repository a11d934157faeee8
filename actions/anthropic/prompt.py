"""From properties to the body of a request. Pure: a property that is not set is not sent."""

import re
from collections.abc import Mapping
from typing import Any

from actions.anthropic.history import read_history
from actions.records import render

DEFAULT_TEMPLATE = "Answer from this context where it helps:\n\n<context>\n@@context\n</context>\n\n@@userPrompt"
TOKENS = ("@@context", "@@userPrompt")
_TOKEN = re.compile(r"@@(?:context|userPrompt)\b")
CACHED = {"type": "ephemeral"}

WEB_SEARCH = {"type": "web_search_20250305", "name": "web_search", "max_uses": 5}
WEB_FETCH = {"type": "web_fetch_20250910", "name": "web_fetch", "max_uses": 5}


def final_prompt(user_prompt: str, context: Any, template: str | None) -> str:
    """Return the text of the user's turn. Tokens are replaced in one pass: what is put in is never read again."""
    context_text = render(context)
    if not template:
        if not context_text:
            return user_prompt
        template = DEFAULT_TEMPLATE
    values = {"@@context": context_text, "@@userPrompt": user_prompt}
    return _TOKEN.sub(lambda match: values[match[0]], template)


def messages(history: Any, prompt: str, *, caching: bool) -> list[dict[str, Any]]:
    """Return the turns of the request; with caching, the history up to its end is marked as the stable part."""
    turns = read_history(history)
    if caching and turns:
        turns[-1] = {**turns[-1], "content": _marked(turns[-1]["content"])}
    return [*turns, {"role": "user", "content": prompt}]


def system(text: str | None, *, caching: bool) -> Any:
    if not text:
        return None
    return [{"type": "text", "text": text, "cache_control": CACHED}] if caching else text


def _marked(content: Any) -> list[Mapping[str, Any]]:
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else list(content)
    # The API refuses the mark on thinking, and a block that is not text keeps the shape it came in.
    if blocks[-1].get("type") == "text":
        blocks[-1] = {**blocks[-1], "cache_control": CACHED}
    return blocks
