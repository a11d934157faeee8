"""A call of a chat protocol, in the words of the chat trigger, and what all protocols refuse alike. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from actions.contract.errors import DomainError

CHAT_TRIGGER = "chat.completion_trigger"
MAX_MESSAGES = 10_000
MAX_PARTS = 1_000
"""Of one message."""

File = dict[str, str]
"""An image or a document, as the property Files of a chat completion takes it."""


class Fields(BaseModel):
    """Fields of a call that are read. Others are accepted, because clients send more with every version."""

    model_config = ConfigDict(extra="ignore")


M = TypeVar("M", bound=Fields)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a call."""

    role: Literal["user", "assistant"]
    text: str
    files: Sequence[File] = ()


@dataclass(frozen=True, slots=True)
class ChatCall:
    """What a call asks for."""

    model: str
    """The flow, by its address or its id."""
    messages: Sequence[Message]
    """In order; the last one is the prompt."""
    instructions: str = ""
    """The system prompt."""
    is_streamed: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    """What the encoder of the protocol must know besides."""
    context: Sequence[Mapping[str, Any]] = ()
    """What the caller adds for the prompt."""

    def build_payload(self, session_id: str = "") -> dict[str, Any]:
        """Return the payload of the chat trigger."""
        prompt, earlier = self.messages[-1], self.messages[:-1]
        history = [{"role": each.role, "content": each.text} for each in earlier if each.text]
        files, context = list(prompt.files), list(self.context)
        given = {"history": history, "instructions": self.instructions, "files": files, "context": context}
        present = {name: value for name, value in given.items() if value}
        return {"prompt": prompt.text, **({"session_id": session_id} if session_id else {}), **present}


def read_fields(model: type[M], body: Mapping[str, Any]) -> M:
    """Return the fields of a body; raises DomainError `invalid_request`, which names the first that is wrong.

    The lists of a body fail fast: pydantic would build an error for each of millions of parts, and one is told.
    """
    try:
        return model.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        path = ".".join(str(part) for part in first["loc"])[:200]
        raise build_invalid(f"{path}: {first['msg']}.", path) from None


def require_prompt(messages: Sequence[Message], field: str = "messages") -> Sequence[Message]:
    """Return the messages; raises DomainError unless the last one is a text of the user."""
    if not messages:
        raise build_invalid("There is no message of the user.", field)
    if messages[-1].role != "user":
        raise build_invalid("The last message must be one of the user: a flow continues no answer.", field)
    if not messages[-1].text.strip():
        raise build_invalid("The last message has no text.", field)
    return messages


def build_invalid(message: str, field: str | None = None, hint: str | None = None) -> DomainError:
    return DomainError("invalid", "invalid_request", message, field=field, hint=hint)


def build_tools_refused(field: str) -> DomainError:
    """Return the refusal of a call that cannot be answered without a tool of the caller."""
    message = "A flow calls no tools of its caller."
    hint = "Leave out messages of tools, and let tool_choice be auto or none. What the flow itself does needs no tools."
    return DomainError("invalid", "tools_not_supported", message, field=field, hint=hint)


def build_file(kind: Literal["image", "document"], url: str, field: str, title: str | None = None) -> File:
    """Return the file at a `data:` URL or a web address; raises DomainError for any other."""
    named = {"title": title} if title and kind == "document" else {}
    if url.startswith(("http://", "https://")):
        return {"type": kind, "url": url, **named}
    head, comma, data = url.partition(",")
    if not head.startswith("data:") or not head.endswith(";base64") or not comma:
        raise build_invalid("The file is neither a web address nor a data: URL in base64.", field)
    return {"type": kind, "media_type": head.removeprefix("data:").removesuffix(";base64"), "data": data, **named}
