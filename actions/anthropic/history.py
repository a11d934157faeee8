"""Earlier turns of a conversation, checked and made fit to send. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic_core import from_json

from actions.errors import ActionError

Turn = dict[str, Any]
ROLES = ("user", "assistant")


def read_history(value: Any) -> list[Turn]:
    """Return the turns to send, from a list of messages or its JSON; raises ActionError naming what is
    malformed.

    Empty turns and refused ones are left out, the latter with the question that was refused: left in, they
    tend to be refused again. The first turn that is sent is the user's, as the API asks.
    """
    turns = [_turn(item, position) for position, item in enumerate(_items(value), 1)]
    kept = list(_without_refused([turn for turn in turns if turn["content"]]))
    first_user = next((index for index, turn in enumerate(kept) if turn["role"] == "user"), len(kept))
    return [{"role": turn["role"], "content": turn["content"]} for turn in kept[first_user:]]


def _items(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    if isinstance(value, str):
        try:
            value = from_json(value)
        except ValueError:
            raise _malformed("it is neither a list of messages nor JSON") from None
    if isinstance(value, Mapping):
        value = value.get("messages", value)
    if not isinstance(value, list):
        raise _malformed("it is not a list of messages")
    return value


def _turn(item: Any, position: int) -> Turn:
    if not isinstance(item, Mapping):
        raise _malformed(f"message {position} is not an object")
    role, content = item.get("role"), item.get("content")
    if role not in ROLES:
        raise _malformed(f"message {position} has no role 'user' or 'assistant'")
    if isinstance(content, str):
        content = content.strip() and content
    elif not _are_blocks(content):
        raise _malformed(f"message {position} has a content that is neither text nor a list of blocks")
    return {"role": role, "content": content, "refused": item.get("stop_reason") == "refusal"}


def _are_blocks(content: Any) -> bool:
    return isinstance(content, list) and all(isinstance(b, Mapping) and isinstance(b.get("type"), str) for b in content)


def _without_refused(turns: list[Turn]) -> Iterator[Turn]:
    for index, turn in enumerate(turns):
        following = turns[index + 1] if index + 1 < len(turns) else None
        if not turn["refused"] and not (following and following["refused"] and turn["role"] == "user"):
            yield turn


def _malformed(what: str) -> ActionError:
    hint = 'Bind it to a list of messages, each with a role and a content: [{"role": "user", "content": "Hello"}].'
    return ActionError("invalid_history", f"The history cannot be used: {what}.", hint)
