"""Reads the input of a run of AG-UI. Pure."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue, ValidationInfo, field_validator

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
    read_fields,
    require_prompt,
)

INSTRUCTIONS = ("system", "developer")
SAID = ("user", "assistant")
"""Who takes turns. The other messages are what a flow has shown beside its answers."""
MAX_CONTEXTS = 1_000


class Source(Fields):
    """Where a file is: `data` in base64, or at a `url`."""

    type: str
    value: str
    mimeType: str = "application/octet-stream"  # noqa: N815 (the protocol's name)


class Part(Fields):
    """A part of a message: a text has `text`, a file `source`."""

    type: str
    text: str = ""
    source: Source | None = None


class GivenMessage(Fields):
    role: Literal["system", "developer", "user", "assistant", "tool", "activity", "reasoning"]
    content: str | Annotated[list[Part], Field(max_length=MAX_PARTS, fail_fast=True)] | None = None

    @field_validator("content", mode="before")
    @classmethod
    def leave_out_activity(cls, content: Any, info: ValidationInfo) -> Any:
        """The content of an activity is an object of the page that draws it."""
        return None if info.data.get("role") == "activity" else content


class Context(Fields):
    description: str
    value: str


class Body(Fields):
    threadId: str = Field(max_length=MAX_SESSION_ID_CHARACTERS)  # noqa: N815 (the protocol's name)
    runId: str = Field(max_length=MAX_SESSION_ID_CHARACTERS)  # noqa: N815 (the protocol's name)
    messages: list[GivenMessage] = Field(max_length=MAX_MESSAGES, fail_fast=True)
    context: list[Context] | None = Field(None, max_length=MAX_CONTEXTS, fail_fast=True)
    resume: list[JsonValue] | None = None


def read_call(given: Mapping[str, Any]) -> tuple[str, ChatCall]:
    """Return the id of the thread and what the input asks for; raises DomainError `invalid_request`."""
    body = read_fields(Body, given)
    if body.resume:
        raise build_invalid("A flow stops for no interrupt, so there is nothing to resume.", "resume")
    said = [(at, message) for at, message in enumerate(body.messages) if message.role in SAID]
    turns = [Message("user" if message.role == "user" else "assistant", _read_text(message)) for _, message in said]
    *earlier, prompt = require_prompt(turns)
    at, last = said[-1]
    call = ChatCall(
        "",
        [*earlier, Message("user", prompt.text, _read_files(last, f"messages.{at}.content"))],
        "\n\n".join(_read_text(message) for message in body.messages if message.role in INSTRUCTIONS),
        is_streamed=True,
        context=[context.model_dump() for context in body.context or ()],
        options={"thread": body.threadId, "run": body.runId},
    )
    return body.threadId, call


def _read_text(message: GivenMessage) -> str:
    if message.content is None or isinstance(message.content, str):
        return message.content or ""
    return "".join(part.text for part in message.content if part.type == "text")


def _read_files(message: GivenMessage, field: str) -> list[File]:
    """Return the files of the prompt. Those of earlier messages are not judged: a thread would never go on."""
    parts = message.content if isinstance(message.content, list) else ()
    return [_read_file(part, f"{field}.{at}") for at, part in enumerate(parts) if part.type != "text"]


def _read_file(part: Part, field: str) -> File:
    source = part.source
    if source is None or source.type not in ("data", "url") or part.type not in ("image", "document"):
        raise build_invalid(f"A flow takes no part of the type {part.type[:100]!r} like this.", field)
    is_data = source.type == "data"
    url = f"data:{source.mimeType};base64,{source.value}" if is_data else source.value
    return build_file("image" if part.type == "image" else "document", url, f"{field}.source")
