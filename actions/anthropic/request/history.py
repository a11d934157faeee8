"""Earlier turns of a conversation, checked and made fit to send. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from actions.contract.errors import ActionError
from actions.contract.json_values import NoJsonValue, parse_json_value

Turn = dict[str, Any]
Block = Mapping[str, Any]

ROLES = ("user", "assistant")
MAX_NAMED_FAULTS = 5

# The API binds thinking to the model, the account and the unchanged conversation, and needs it only within a turn that
# uses tools of one's own. Such tools are not offered here, and their calls may not be sent without them.
SKIPPED_TYPES = frozenset({"thinking", "redacted_thinking", "tool_use", "tool_result"})


def read_history(value: Any, *, tools: bool = False) -> list[Turn]:
    """Return the turns to send, from a list of messages or its JSON; raises ActionError naming what is malformed.

    Refused turns are left out with the question that was refused: left in, they tend to be refused again. Empty turns
    are left out because the API takes none, and the first turn that is sent is the user's. Calls and results of the
    API's own tools are kept in pairs when this request offers `tools`.
    """
    items = _read_items(value)
    faults = [f"message {position} {fault}" for position, item in enumerate(items, 1) if (fault := _find_fault(item))]
    if faults:
        more = f" and {len(faults) - MAX_NAMED_FAULTS} more" if len(faults) > MAX_NAMED_FAULTS else ""
        raise _build_error(f"{', '.join(faults[:MAX_NAMED_FAULTS])}{more}")
    cleaned_turns = [
        {"role": item["role"], "content": _clean_content(item["content"], tools)} for item in _skip_refused(items)
    ]
    _keep_pairs(cleaned_turns)
    return drop_before_user([turn for turn in cleaned_turns if turn["content"]])


def _read_items(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    if isinstance(value, str):
        try:
            value = parse_json_value(value)
        except NoJsonValue as error:
            raise _build_error(f"it is no list of messages, and {error}") from None
    if isinstance(value, Mapping):
        value = value.get("messages")
    if not isinstance(value, list):
        raise _build_error("it is not a list of messages")
    return value


def _find_fault(item: Any) -> str | None:
    if not isinstance(item, Mapping):
        return "is not an object"
    if item.get("role") not in ROLES:
        return "has no role 'user' or 'assistant'"
    content = item.get("content")
    if isinstance(content, str) or (isinstance(content, list) and all(_is_block(block) for block in content)):
        return None
    return "has a content that is neither text nor a list of blocks"


def _is_block(block: Any) -> bool:
    if not isinstance(block, Mapping) or not isinstance(block.get("type"), str):
        return False
    return block["type"] != "text" or isinstance(block.get("text"), str)


def _skip_refused(items: list[Any]) -> Iterator[Any]:
    refused = {at for at, item in enumerate(items) if item.get("stop_reason") == "refusal"}
    questions = {at - 1 for at in refused if at and items[at - 1]["role"] == "user"}
    yield from (item for at, item in enumerate(items) if at not in refused | questions)


def _clean_content(content: Any, tools: bool) -> Any:
    if isinstance(content, str):
        return content if content.strip() else ""
    return [_strip_citations(block, tools) for block in content if _is_sent(block, tools)]


def _is_sent(block: Block, tools: bool) -> bool:
    kind = block["type"]
    is_of_tool = kind.endswith(("tool_use", "tool_result"))
    return kind not in SKIPPED_TYPES and (tools or not is_of_tool) and not is_blank_text(block)


def is_blank_text(block: Block) -> bool:
    """Return whether a block is text that the API refuses: empty, or nothing but white space."""
    return block["type"] == "text" and not block["text"].strip()


def _keep_pairs(turns: list[Turn]) -> None:
    """Drop the calls without results. A result may also be in the next part of a turn that is stored in parts."""
    answered: list[Any] = []
    for turn in reversed(turns):
        if not isinstance(turn["content"], str):
            turn["content"] = drop_open_calls(turn["content"], answered)


def drop_open_calls(blocks: Sequence[dict[str, Any]], answered: list[Any]) -> list[dict[str, Any]]:
    """Return the blocks without calls of the API's own tools that have no result: a request with one is refused.

    `answered` are the ids of calls whose results come behind these blocks. It is brought up to date.
    """
    kept = []
    for block in reversed(blocks):
        if block["type"].endswith("_tool_use"):  # the result of any other tool is in the user's next message
            if block.get("id") not in answered:
                continue
            answered.remove(block["id"])
        if "tool_use_id" in block:
            answered.append(block["tool_use_id"])
        kept.append(block)
    return kept[::-1]


def _strip_citations(block: Block, tools: bool) -> Block:
    """A citation points into a tool's result or a search result, so it goes where that goes.

    The search results of an earlier question are not sent again.
    """
    if "citations" not in block:
        return block
    citations = [citation for citation in block["citations"] or () if tools and _is_of_tool(citation)]
    plain = {name: value for name, value in block.items() if name != "citations"}
    return {**plain, "citations": citations} if citations else plain


def _is_of_tool(citation: Any) -> bool:
    return isinstance(citation, Mapping) and citation.get("type") != "search_result_location"


def drop_before_user(turns: list[Turn]) -> list[Turn]:
    """Return the turns without those before the first of the user."""
    first = next((at for at, turn in enumerate(turns) if turn["role"] == "user"), len(turns))
    return turns[first:]


def _build_error(what: str) -> ActionError:
    hint = 'Bind it to a list of messages, each with a role and a content: [{"role": "user", "content": "Hello"}].'
    return ActionError("invalid_history", f"The history cannot be used: {what}.", hint)
