"""The user's turn: files, then search results, then text. Pure."""

from dataclasses import dataclass
from typing import Any

from actions.anthropic.properties import ChatCompletionProperties
from actions.anthropic.request.files import build_file_blocks
from actions.anthropic.request.prompt import render_prompt
from actions.anthropic.request.search_results import build_search_result_blocks
from actions.contract.errors import ActionError


@dataclass(frozen=True, slots=True)
class UserContent:
    """What the user's turn holds."""

    content: str | list[dict[str, Any]]
    """A text, or blocks of the API with the text as the last one."""
    citable: bool
    """Whether the model can cite something in it."""


def build_user_content(properties: ChatCompletionProperties, *, citations: bool) -> UserContent:
    """Return the turn; with `citations`, search results of the context are sent as such and not within the text.

    Raises ActionError when a file or a search result is malformed, and when the text is empty.
    """
    files = build_file_blocks(properties.files, citations=citations)
    results = build_search_result_blocks(properties.context) if citations else None
    context = properties.context if results is None else None
    prompt = render_prompt(properties.user_prompt, context, properties.prompt_template)
    if not prompt.strip():
        raise ActionError("empty_prompt", "User Prompt is empty.", "Give the model something to respond to.")
    blocks = [*files, *(results or ())]
    citable = results is not None or any("citations" in block for block in files)
    return UserContent([*blocks, {"type": "text", "text": prompt}] if blocks else prompt, citable)
