"""Reads a call of chat completions. Pure."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue

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
MAX_MODEL_CHARACTERS = 200


class ImageUrl(Fields):
    url: str


class FileData(Fields):
    file_data: str | None = None
    filename: str | None = None


class Part(Fields):
    """A part of a message. A text has `text`, an image `image_url`, a document `file`."""

    type: str
    text: str = ""
    image_url: ImageUrl | None = None
    file: FileData | None = None


class GivenMessage(Fields):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | Annotated[list[Part], Field(max_length=MAX_PARTS, fail_fast=True)] | None = None
    tool_calls: list[JsonValue] | None = None


class StreamOptions(Fields):
    include_usage: bool | None = None


class Body(Fields):
    model: str = Field(max_length=MAX_MODEL_CHARACTERS)
    messages: list[GivenMessage] = Field(max_length=MAX_MESSAGES, fail_fast=True)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = None
    tool_choice: JsonValue = None


def read_call(given: Mapping[str, Any]) -> ChatCall:
    """Return what the body asks for; raises DomainError `invalid_request` or `tools_not_supported`."""
    body = read_fields(Body, given)
    if body.n not in (None, 1):
        raise build_invalid("A flow gives one answer.", "n", "Leave out n.")
    if body.tool_choice not in (None, "auto", "none"):
        raise build_tools_refused("tool_choice")
    said = [(message, _read_parts(message, f"messages.{at}")) for at, message in enumerate(body.messages)]
    turns = [
        Message("user" if message.role == "user" else "assistant", text, files)
        for message, (text, files) in said
        if message.role not in INSTRUCTIONS
    ]
    return ChatCall(
        body.model,
        require_prompt(turns),
        "\n\n".join(text for message, (text, _) in said if message.role in INSTRUCTIONS),
        bool(body.stream),
        {"includes_usage": bool(body.stream_options and body.stream_options.include_usage)},
    )


def _read_parts(message: GivenMessage, field: str) -> tuple[str, Sequence[File]]:
    """Return the text and the files of a message."""
    if message.role in ("tool", "function") or message.tool_calls:
        raise build_tools_refused(field)
    if message.content is None or isinstance(message.content, str):
        return message.content or "", ()
    texts: list[str] = []
    files: list[File] = []
    for at, part in enumerate(message.content):
        place = f"{field}.content.{at}"
        if part.type == "image_url" and part.image_url:
            files.append(build_file("image", part.image_url.url, f"{place}.image_url.url"))
        elif part.type == "file" and part.file and part.file.file_data:
            files.append(build_file("document", part.file.file_data, f"{place}.file.file_data", part.file.filename))
        elif part.type in ("text", "refusal"):
            texts.append(part.text)
        else:
            raise build_invalid(f"A flow takes no part of the type {part.type[:100]!r} like this.", place)
    return "".join(texts), files
