"""What each protocol makes of the messages of a call."""

from typing import Any

import pytest
from pydantic import ValidationError

from actions.contract.errors import DomainError
from flows.protocols.ag_ui import parse as ag_ui
from flows.protocols.ai_sdk import parse as ai_sdk
from flows.protocols.anthropic_messages import parse as anthropic
from flows.protocols.openai_chat import parse as openai
from flows.protocols.openai_responses import parse as responses

PNG = "data:image/png;base64,iVBORw0KGgo="
IMAGE = {"type": "image", "media_type": "image/png", "data": "iVBORw0KGgo="}
PDF = "data:application/pdf;base64,JVBERi0="
DOCUMENT = {"type": "document", "media_type": "application/pdf", "data": "JVBERi0=", "title": "a.pdf"}
SOUND = {"type": "url", "value": "https://e.test/a.mp3"}
EXPECTED = {
    "prompt": "And now?",
    "session_id": "chat-1",
    "history": [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi."}],
    "instructions": "Be brief.",
    "files": [IMAGE, DOCUMENT],
}


def test_a_chat_completion_becomes_the_input_of_a_chat_trigger() -> None:
    parts = [
        {"type": "text", "text": "And now?"},
        {"type": "image_url", "image_url": {"url": PNG, "detail": "low"}},
        {"type": "file", "file": {"file_data": PDF, "filename": "a.pdf"}},
    ]
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": "Hi.", "refusal": None},
        {"role": "user", "content": parts},
    ]
    call = openai.read_call({"model": "mill", "messages": messages, "temperature": 1})
    assert (call.model, call.is_streamed, call.build_payload("chat-1")) == ("mill", False, EXPECTED)


def test_a_call_of_responses_becomes_the_input_of_a_chat_trigger() -> None:
    parts = [
        {"type": "input_text", "text": "And now?"},
        {"type": "input_image", "image_url": PNG, "detail": "auto"},
        {"type": "input_file", "file_data": PDF, "filename": "a.pdf"},
    ]
    items = [
        {"role": "user", "content": "Hello"},
        {"type": "reasoning", "id": "rs_1", "summary": []},
        {
            "type": "message",
            "role": "assistant",
            "content": [{"type": "output_text", "text": "Hi.", "annotations": []}],
        },
        {"role": "user", "content": parts},
    ]
    call = responses.read_call({"model": "mill", "instructions": "Be brief.", "input": items, "temperature": 1})
    assert (call.model, call.is_streamed, call.build_payload("chat-1")) == ("mill", False, EXPECTED)


def test_instructions_of_a_call_of_responses_are_joined() -> None:
    items = [{"role": "developer", "content": "In Norwegian."}, {"role": "user", "content": "Hello"}]
    call = responses.read_call({"model": "mill", "instructions": "Be brief.", "input": items})
    assert call.build_payload() == {"prompt": "Hello", "instructions": "Be brief.\n\nIn Norwegian."}


@pytest.mark.parametrize("conversation", ["chat-1", {"id": "chat-1"}])
def test_a_conversation_is_named_by_its_id(conversation: Any) -> None:
    call = responses.read_call({"model": "mill", "input": "Hello", "conversation": conversation})
    assert call.options["conversation"] == "chat-1"


def test_messages_become_the_input_of_a_chat_trigger() -> None:
    source = {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}
    pdf = {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="}
    blocks = [
        {"type": "text", "text": "And now?"},
        {"type": "image", "source": source},
        {"type": "document", "source": pdf, "title": "a.pdf"},
    ]
    answer = [{"type": "thinking", "thinking": "Hm.", "signature": "x"}, {"type": "text", "text": "Hi."}]
    messages = [
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": answer},
        {"role": "user", "content": blocks},
    ]
    given = {"model": "mill", "max_tokens": 1, "messages": messages, "system": [{"type": "text", "text": "Be brief."}]}
    call = anthropic.read_call({**given, "stream": True})
    assert (call.model, call.is_streamed, call.build_payload("chat-1")) == ("mill", True, EXPECTED)


def test_a_chat_of_a_page_becomes_the_input_of_a_chat_trigger() -> None:
    parts = [
        {"type": "text", "text": "And now?"},
        {"type": "file", "mediaType": "image/png", "url": PNG},
        {"type": "file", "mediaType": "application/pdf", "url": PDF, "filename": "a.pdf"},
    ]
    messages = [
        {"id": "0", "role": "system", "parts": [{"type": "text", "text": "Be brief."}]},
        {"id": "1", "role": "user", "parts": [{"type": "text", "text": "Hello"}]},
        {"id": "2", "role": "assistant", "parts": [{"type": "step-start"}, {"type": "text", "text": "Hi."}]},
        {"id": "3", "role": "user", "parts": parts},
    ]
    chat, call = ai_sdk.read_call({"id": "chat-1", "messages": messages, "trigger": "submit-message"})
    assert call.build_payload(chat) == EXPECTED


def thread(*messages: Any, **more: Any) -> dict[str, Any]:
    given = [{"id": str(at), **message} for at, message in enumerate(messages)]
    return {"threadId": "chat-1", "runId": "run-1", "messages": given, **more}


def test_the_input_of_an_agent_becomes_the_input_of_a_chat_trigger() -> None:
    parts = [
        {"type": "text", "text": "And now?"},
        {"type": "image", "source": {"type": "data", "value": "iVBORw0KGgo=", "mimeType": "image/png"}},
        {"type": "document", "source": {"type": "data", "value": "JVBERi0=", "mimeType": "application/pdf"}},
    ]
    call = {"id": "c", "type": "function", "function": {"name": "search", "arguments": "{}"}}
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "Hello"}, {"type": "audio", "source": SOUND}]},
        {"role": "reasoning", "content": "Hm."},
        {"role": "assistant", "toolCalls": [call]},
        {"role": "tool", "toolCallId": "c", "content": "3"},
        {"role": "activity", "activityType": "plan", "content": {"steps": 1}},
        {"role": "assistant", "content": "Hi."},
        {"role": "user", "content": parts},
    ]
    session, read = ag_ui.read_call(thread(*messages, tools=[{"name": "f"}], state={"n": 1}, forwardedProps=None))
    document = {name: value for name, value in DOCUMENT.items() if name != "title"}
    assert (session, read.options) == ("chat-1", {"thread": "chat-1", "run": "run-1"})
    assert read.build_payload(session) == {**EXPECTED, "files": [IMAGE, document]}


def test_the_context_of_an_agent_is_that_of_the_trigger() -> None:
    context = [{"description": "The page", "value": "/orders"}]
    _, call = ag_ui.read_call(thread({"role": "user", "content": "Hello"}, context=context))
    assert call.build_payload() == {"prompt": "Hello", "context": context}


def test_a_web_address_stays_one() -> None:
    parts = [{"type": "text", "text": "x"}, {"type": "image_url", "image_url": {"url": "https://e.test/a.png"}}]
    call = openai.read_call({"model": "mill", "messages": [{"role": "user", "content": parts}]})
    assert call.build_payload()["files"] == [{"type": "image", "url": "https://e.test/a.png"}]


def items(*given: Any) -> dict[str, Any]:
    return {"model": "mill", "input": [*given]}


def user(content: Any) -> dict[str, Any]:
    return {"model": "mill", "messages": [{"role": "user", "content": content}]}


MANY: list[dict[str, Any]] = [{}] * 900
MAX_ERRORS = 3
"""One for each form that a field may have: a text, a list, and the first fault in that."""
MANY_ITEMS: list[dict[str, Any]] = [{"role": "king"}] * 900
MANY_FAULTS: dict[str, tuple[Any, dict[str, Any]]] = {
    "messages": (openai, {"model": "m", "messages": MANY}),
    "parts": (openai, {"model": "m", "messages": [{"role": "user", "content": MANY}]}),
    "messages of Anthropic": (anthropic, {"model": "m", "messages": MANY}),
    "blocks": (anthropic, {"model": "m", "messages": [{"role": "user", "content": MANY}]}),
    "blocks of instructions": (anthropic, {"model": "m", "messages": [], "system": MANY}),
    "items of Responses": (responses, {"model": "m", "input": MANY_ITEMS}),
    "parts of an item": (responses, items({"role": "user", "content": MANY})),
    "messages of a page": (ai_sdk, {"id": "c", "messages": MANY}),
    "parts of a page": (ai_sdk, {"id": "c", "messages": [{"role": "user", "parts": MANY}]}),
    "messages of a thread": (ag_ui, thread(*MANY)),
    "parts of a thread": (ag_ui, thread({"role": "user", "content": MANY})),
    "contexts of a thread": (ag_ui, thread(context=MANY)),
}


@pytest.mark.parametrize(("protocol", "body"), MANY_FAULTS.values(), ids=MANY_FAULTS)
def test_of_many_faults_few_are_built(protocol: Any, body: dict[str, Any]) -> None:
    """A body of 30 MB can have ten million: the errors alone would take gigabytes."""
    with pytest.raises(ValidationError) as caught:
        protocol.Body.model_validate(body)
    assert caught.value.error_count() <= MAX_ERRORS


ASKED = {"role": "user", "content": "x"}
TEXT = {"type": "text", "text": "x"}
BAD_CALLS: dict[str, tuple[Any, dict[str, Any], str]] = {
    "no model": (openai, {"messages": [{"role": "user", "content": "x"}]}, "model"),
    "messages that are no list": (openai, {"model": "m", "messages": "x"}, "messages"),
    "a content that is a number": (openai, user(7), "messages.0.content.str"),
    "an empty prompt": (openai, user("  "), "messages"),
    "a file without its data": (
        openai,
        user([{"type": "file", "file": {"file_data": "x"}}]),
        "messages.0.content.0.file.file_data",
    ),
    "a sound": (openai, user([{"type": "input_audio", "input_audio": {}}]), "messages.0.content.0"),
    "an unknown block": (anthropic, user([{"type": "video"}]), "messages.0.content.0"),
    "an unknown source": (
        anthropic,
        user([{"type": "image", "source": {"type": "file", "file_id": "f"}}]),
        "messages.0.content.0.source",
    ),
    "a stream that is a text": (anthropic, {**user("x"), "stream": "perhaps"}, "stream"),
    "no input": (responses, {"model": "m"}, "input"),
    "an empty text": (responses, {"model": "m", "input": " "}, "input"),
    "an answer in the background": (responses, {"model": "m", "input": "x", "background": True}, "background"),
    "an item of a tool": (responses, items({"type": "function_call_output", "output": "x"}), "input.0"),
    "an item that is elsewhere": (responses, items({"type": "item_reference", "id": "x"}), "input.0"),
    "an image of another server": (
        responses,
        items({"role": "user", "content": [{"type": "input_image", "file_id": "f"}]}),
        "input.0.content.0",
    ),
    "two earlier answers": (
        responses,
        {"model": "m", "input": "x", "previous_response_id": "resp_1", "conversation": "c"},
        "previous_response_id",
    ),
    "a chat without an id": (ai_sdk, {"messages": []}, "id"),
    "a thread without an id": (ag_ui, {"runId": "r", "messages": []}, "threadId"),
    "a run without an id": (ag_ui, {"threadId": "t", "messages": []}, "runId"),
    "an id that is too long": (ag_ui, {**thread(), "runId": "x" * 201}, "runId"),
    "a thread without messages": (ag_ui, thread(), "messages"),
    "a thread that ends with an answer": (ag_ui, thread(ASKED, {"role": "assistant", "content": "y"}), "messages"),
    "a role that is none": (ag_ui, thread({"role": "king", "content": "x"}), "messages.0.role"),
    "a content that is an object": (ag_ui, thread({"role": "user", "content": {}}), "messages.0.content.str"),
    "an answer to an interrupt": (ag_ui, thread(ASKED, resume=[{"interruptId": "i", "status": "resolved"}]), "resume"),
    "a video": (ag_ui, thread({"role": "user", "content": [TEXT, {"type": "video"}]}), "messages.0.content.1"),
    "a file of a vendor": (
        ag_ui,
        thread({"role": "user", "content": [TEXT, {"type": "image", "source": {"type": "file", "value": "f"}}]}),
        "messages.0.content.1",
    ),
    "an image that is nowhere": (
        ag_ui,
        thread({"role": "user", "content": [TEXT, {"type": "image", "source": {"type": "url", "value": "x"}}]}),
        "messages.0.content.1.source",
    ),
}


@pytest.mark.parametrize(("protocol", "body", "field"), BAD_CALLS.values(), ids=BAD_CALLS)
def test_what_cannot_be_read_names_its_place(protocol: Any, body: dict[str, Any], field: str) -> None:
    with pytest.raises(DomainError) as caught:
        protocol.read_call(body)
    assert (caught.value.kind, caught.value.field) == ("invalid", field)
