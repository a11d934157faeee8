"""Reads a call of Messages. Pure."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

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

MAX_MODEL_CHARACTERS = 200
TOOL_BLOCKS = ("tool_use", "tool_result")
LEFT_OUT_BLOCKS = ("thinking", "redacted_thinking")
"""A client sends back what it was answered; a flow has no use for it."""


class Source(Fields):
    type: str
    media_type: str = ""
    data: str = ""
    url: str = ""


class Block(Fields):
    """A block of a message: a text has `text`, an image and a document a `source`."""

    type: str
    text: str = ""
    source: Source | None = None
    title: str | None = None


Blocks = Annotated[list[Block], Field(max_length=MAX_PARTS, fail_fast=True)]


class GivenMessage(Fields):
    role: Literal["user", "assistant"]
    content: str | Blocks


class ToolChoice(Fields):
    type: str = "auto"


class Body(Fields):
    model: str = Field(max_length=MAX_MODEL_CHARACTERS)
    messages: list[GivenMessage] = Field(max_length=MAX_MESSAGES, fail_fast=True)
    system: str | Blocks = ""
    stream: bool = False
    tool_choice: ToolChoice = ToolChoice()


def read_call(given: Mapping[str, Any]) -> ChatCall:
    """Return what the body asks for; raises DomainError `invalid_request` or `tools_not_supported`."""
    body = read_fields(Body, given)
    if body.tool_choice.type not in ("auto", "none"):
        raise build_tools_refused("tool_choice")
    turns = [_read_message(message, f"messages.{at}") for at, message in enumerate(body.messages)]
    instructions, _ = _read_blocks(body.system, "system")
    return ChatCall(body.model, require_prompt(turns), instructions, body.stream)


def _read_message(message: GivenMessage, field: str) -> Message:
    text, files = _read_blocks(message.content, field)
    return Message(message.role, text, files)


def _read_blocks(content: str | list[Block], field: str) -> tuple[str, Sequence[File]]:
    """Return the text and the files of a content."""
    if isinstance(content, str):
        return content, ()
    texts: list[str] = []
    files: list[File] = []
    for at, block in enumerate(content):
        place = f"{field}.content.{at}"
        if block.type in TOOL_BLOCKS:
            raise build_tools_refused(place)
        if block.type in ("image", "document") and block.source:
            files.append(_read_source(block, block.source, f"{place}.source"))
        elif block.type == "text":
            texts.append(block.text)
        elif block.type not in LEFT_OUT_BLOCKS:
            raise build_invalid(f"A flow takes no block of the type {block.type[:100]!r} like this.", place)
    return "".join(texts), files


def _read_source(block: Block, source: Source, field: str) -> File:
    kind: Literal["image", "document"] = "image" if block.type == "image" else "document"
    if source.type == "text" and kind == "document":
        return {"type": kind, "text": source.data, **({"title": block.title} if block.title else {})}
    if source.type not in ("base64", "url"):
        raise build_invalid(f"A flow takes no source of the type {source.type[:100]!r}.", field)
    url = source.url if source.type == "url" else f"data:{source.media_type};base64,{source.data}"
    return build_file(kind, url, field, block.title)
