"""Reads a call of `useChat`. Pure."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from actions.chat.history import MAX_SESSION_ID_CHARACTERS
from flows.protocols.chat_call import (
    MAX_MESSAGES,
    MAX_PARTS,
    ChatCall,
    Fields,
    File,
    Message,
    build_file,
    read_fields,
    require_prompt,
)


class Part(Fields):
    """A part of a message: a text has `text`, a file `url` and `mediaType`. Others are what a flow has answered."""

    type: str
    text: str = ""
    url: str = ""
    mediaType: str = ""  # noqa: N815 (the protocol's name)
    filename: str | None = None


class GivenMessage(Fields):
    role: Literal["system", "user", "assistant"]
    parts: list[Part] = Field(max_length=MAX_PARTS, fail_fast=True)


class Body(Fields):
    id: str = Field(max_length=MAX_SESSION_ID_CHARACTERS)
    messages: list[GivenMessage] = Field(max_length=MAX_MESSAGES, fail_fast=True)


def read_call(given: Mapping[str, Any]) -> tuple[str, ChatCall]:
    """Return the id of the chat and what the body asks for; raises DomainError `invalid_request`.

    `submit-message` and `regenerate-message` are alike: the messages end with the user's in both.
    """
    body = read_fields(Body, given)
    turns = [
        Message("user" if message.role == "user" else "assistant", _read_text(message), _read_files(message, at))
        for at, message in enumerate(body.messages)
        if message.role != "system"
    ]
    instructions = [_read_text(message) for message in body.messages if message.role == "system"]
    return body.id, ChatCall("", require_prompt(turns), "\n\n".join(instructions), is_streamed=True)


def _read_text(message: GivenMessage) -> str:
    return "".join(part.text for part in message.parts if part.type == "text")


def _read_files(message: GivenMessage, at: int) -> list[File]:
    if message.role != "user":
        return []
    return [
        build_file(
            "image" if part.mediaType.startswith("image/") else "document",
            part.url,
            f"messages.{at}.parts.{place}.url",
            part.filename,
        )
        for place, part in enumerate(message.parts)
        if part.type == "file"
    ]
