"""A vector search's results as blocks that the model can cite. Pure."""

from collections.abc import Mapping
from typing import Any

from actions.contract.errors import ActionError

Block = dict[str, Any]

MAX_NAME_CHARACTERS = 500


def build_search_result_blocks(context: Any) -> list[Block] | None:
    """Return a block for each result that `context` carries, or None when it is no search result.

    Raises ActionError `invalid_context`, which names the result by its position.
    """
    results = context.get("search_results") if isinstance(context, Mapping) else None
    if not isinstance(results, list):
        return None
    blocks = [_build_block(position, result) for position, result in enumerate(results, 1)]
    return [block for block in blocks if block["content"][0]["text"].strip()]  # the API takes no empty text


def _build_block(position: int, result: Any) -> Block:
    if not isinstance(result, Mapping) or not isinstance(result.get("text"), str):
        message = f"Context cannot be cited: search result {position} has no text."
        raise ActionError("invalid_context", message, "Turn Enable Citations off, or bind the result of a search.")
    source, title = (_trim_name(result.get(name)) for name in ("source", "title"))
    return {
        "type": "search_result",
        "source": source or title or f"result {position}",
        "title": title or source or f"Result {position}",
        "content": [{"type": "text", "text": result["text"]}],
        "citations": {"enabled": True},
    }


def _trim_name(value: Any) -> str:
    return value.strip()[:MAX_NAME_CHARACTERS] if isinstance(value, str) else ""
