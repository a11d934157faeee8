"""Reads a call of Responses. Pure."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue

from actions.chat.history import MAX_SESSION_ID_CHARACTERS
from flows.protocols.chat_call import (
    MAX_MESSAGES,
    MAX_PARTS,
    ChatCall,
    Fields,
    File,
    Message,
    build_file,
    build_invalid,
    build_tools_refused,
    read_fields,
    require_prompt,
)

INSTRUCTIONS = ("system", "developer")
LEFT_OUT_ITEMS = ("reasoning",)
"""A client sends back what it was answered; a flow has no use for it."""
TOOL_ITEM_ENDINGS = ("_call", "_call_output")
MAX_MODEL_CHARACTERS = 200
MAX_RESPONSE_ID_CHARACTERS = 100


class Part(Fields):
    """A part of a message. A text has `text`, an image `image_url`, a document `file_data` or `file_url`."""

    type: str
    text: str = ""
    image_url: str | None = None
    file_data: str | None = None
    file_url: str | None = None
    filename: str | None = None


class Item(Fields):
    """An item of the input: a message, or something that an answer had beside its messages."""

    type: str = "message"
    role: Literal["system", "developer", "user", "assistant"] = "user"
    content: str | Annotated[list[Part], Field(max_length=MAX_PARTS, fail_fast=True)] | None = None


class Conversation(Fields):
    id: str = Field(max_length=MAX_SESSION_ID_CHARACTERS)


class Body(Fields):
    model: str = Field(max_length=MAX_MODEL_CHARACTERS)
    input: str | Annotated[list[Item], Field(max_length=MAX_MESSAGES, fail_fast=True)]
    instructions: str | None = None
    stream: bool | None = None
    store: bool | None = None
    background: bool | None = None
    previous_response_id: str | None = Field(None, max_length=MAX_RESPONSE_ID_CHARACTERS)
    conversation: Annotated[str, Field(max_length=MAX_SESSION_ID_CHARACTERS)] | Conversation | None = None
    tool_choice: JsonValue = None


def read_call(given: Mapping[str, Any]) -> ChatCall:
    """Return what the body asks for; raises DomainError `invalid_request` or `tools_not_supported`."""
    body = read_fields(Body, given)
    _refuse_demands(body)
    items = [Item(content=body.input)] if isinstance(body.input, str) else body.input
    said = [(item.role, _read_item(item, f"input.{at}")) for at, item in enumerate(items) if _is_message(item, at)]
    turns = [
        Message("user" if role == "user" else "assistant", text, files)
        for role, (text, files) in said
        if role not in INSTRUCTIONS
    ]
    instructions = [body.instructions or "", *(text for role, (text, _) in said if role in INSTRUCTIONS)]
    return ChatCall(
        body.model,
        require_prompt(turns, "input"),
        "\n\n".join(text for text in instructions if text),
        bool(body.stream),
        {
            "previous_response_id": body.previous_response_id,
            "conversation": body.conversation.id if isinstance(body.conversation, Conversation) else body.conversation,
            "is_stored": body.store is not False,
        },
    )


def _refuse_demands(body: Body) -> None:
    if body.tool_choice not in (None, "auto", "none"):
        raise build_tools_refused("tool_choice")
    if body.background:
        raise build_invalid("A flow answers while the caller waits.", "background", "Leave out background.")
    if body.previous_response_id and body.conversation:
        message = "previous_response_id and conversation both name what was said before."
        raise build_invalid(message, "previous_response_id", "Send one of them.")


def _is_message(item: Item, at: int) -> bool:
    """Return whether an item is a message; raises DomainError for one that no flow can be given."""
    if item.type.endswith(TOOL_ITEM_ENDINGS):
        raise build_tools_refused(f"input.{at}")
    if item.type != "message" and item.type not in LEFT_OUT_ITEMS:
        raise build_invalid(f"A flow takes no item of the type {item.type[:100]!r}.", f"input.{at}")
    return item.type == "message"


def _read_item(item: Item, field: str) -> tuple[str, Sequence[File]]:
    """Return the text and the files of a message."""
    if item.content is None or isinstance(item.content, str):
        return item.content or "", ()
    texts: list[str] = []
    files: list[File] = []
    for at, part in enumerate(item.content):
        place = f"{field}.content.{at}"
        if part.type == "input_image" and part.image_url:
            files.append(build_file("image", part.image_url, f"{place}.image_url"))
        elif part.type == "input_file" and (part.file_data or part.file_url):
            name = "file_data" if part.file_data else "file_url"
            files.append(
                build_file("document", part.file_data or part.file_url or "", f"{place}.{name}", part.filename)
            )
        elif part.type in ("input_text", "output_text", "text", "refusal"):
            texts.append(part.text)
        else:
            raise build_invalid(f"A flow takes no part of the type {part.type[:100]!r} like this.", place)
    return "".join(texts), files
