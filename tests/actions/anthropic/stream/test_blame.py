"""Whose fault a failure is: an overload that hides behind status 200, media types, and the address of a connection."""

import json
from typing import Any

import httpx2
import pytest

from actions.anthropic.stream.failure_words import CHECK_NETWORK, CHECK_URL
from actions.anthropic.stream.failures import Call, convert_failure
from actions.anthropic.stream.message_stream import open_stream
from actions.anthropic.stream.parts import Part, Stop, TextDelta
from actions.contract.errors import ActionError
from tests.actions.anthropic.completing import get_result, get_texts, run
from tests.actions.anthropic.conftest import QUICK, Connect, choose_timing
from tests.actions.anthropic.failing import BEFORE_CONTENT
from tests.actions.anthropic.recordings import PLAIN
from tests.actions.anthropic.upstream import END, Pause, Step, chunk, head, refused, start, streamed, upstream

REQUEST = {"model": "claude-opus-4-6", "max_tokens": 100, "messages": [{"role": "user", "content": "Hi"}]}
OVERLOADED = {"type": "overloaded_error", "message": "Overloaded"}
JSON_ERRORS: dict[str, tuple[Any, str]] = {
    "the API's own": ({"type": "error", "error": OVERLOADED}, "upstream_overloaded"),
    "without the outer type": ({"error": OVERLOADED}, "upstream_overloaded"),
    "the inner part alone": (OVERLOADED, "upstream_overloaded"),
    "a limit": ({"type": "error", "error": {"type": "rate_limit_error", "message": "x"}}, "upstream_rate_limited"),
    "another vendor's limit": ({"error": {"type": "rate_limit_exceeded", "code": None}}, "upstream_rate_limited"),
    "a number": ({"error": {"code": 529, "message": "x"}}, "upstream_overloaded"),
    "a number as text": ({"error": {"code": "429", "message": "x"}}, "upstream_rate_limited"),
    "a number outside": ({"error": {"message": "x"}, "status_code": 503}, "upstream_error"),
    "a sentence outside": ({"message": "Too many requests"}, "upstream_rate_limited"),
    "a detail": ({"detail": "The model is overloaded"}, "upstream_overloaded"),
    "a list of one": (
        [{"error": {"code": 429, "message": "x", "status": "RESOURCE_EXHAUSTED"}}],
        "upstream_rate_limited",
    ),
    "several errors": (
        {"success": False, "errors": [{"code": 1, "message": "Too many requests"}]},
        "upstream_rate_limited",
    ),
    "under a type of its own": ({"type": "response.error", "error": OVERLOADED}, "upstream_overloaded"),
    "a sentence": ({"error": "Too many requests"}, "upstream_rate_limited"),
    "a sentence within": ({"error": {"message": "The model is overloaded"}}, "upstream_overloaded"),
    "a limit on tokens": ({"message": "Too many tokens, please wait before trying again."}, "upstream_rate_limited"),
    "a type of AWS": ({"__type": "ThrottlingException", "message": "Rate exceeded"}, "upstream_rate_limited"),
    "a long type of AWS": ({"__type": "com.a#ServiceUnavailableException", "message": "x"}, "upstream_overloaded"),
    "a limit in a stream of AWS": ({"throttlingException": {"message": "x"}}, "upstream_rate_limited"),
    "a fault in a stream of AWS": ({"internalServerException": {"message": "x"}}, "upstream_error"),
    "a fault": ({"error": {"type": "server_error", "message": "x"}}, "upstream_error"),
    "a fault within": ({"type": "error", "error": {"type": "internal_server_error"}}, "upstream_error"),
    "a fault of gRPC": ({"error": {"code": 13, "status": "INTERNAL", "message": "x"}}, "upstream_error"),
    "a time limit of gRPC": ({"error": {"code": 4, "status": "DEADLINE_EXCEEDED"}}, "upstream_timeout"),
    "a number in camel case": ({"error": {"message": "x", "statusCode": 503}}, "upstream_error"),
    "a number beside a sentence": ({"statusCode": 500, "error": "Oh no", "message": "x"}, "upstream_error"),
    "a problem": ({"type": "about:blank", "status": 429, "detail": "slow down"}, "upstream_rate_limited"),
    "a problem with an address": ({"type": "https://e.test/x", "title": "x", "status": 503}, "upstream_error"),
    "a title": ({"title": "Too Many Requests"}, "upstream_rate_limited"),
    "a limit whose sentence speaks of billing": (
        {"error": {"type": "tokens", "code": "rate_limit_exceeded", "message": "See e.test/account/billing"}},
        "upstream_rate_limited",
    ),
}
ERRORS_NOT_REPEATED: dict[str, tuple[Any, str]] = {
    "a key": ({"type": "error", "error": {"type": "authentication_error", "message": "x"}}, "connection_refused"),
    "no money": ({"error": {"type": "insufficient_quota", "message": "x"}}, "billing"),
    "no money, by its code": ({"error": {"type": "x", "code": "insufficient_quota"}}, "billing"),
    "an unknown one of AWS": ({"novelException": {"message": "x"}}, "upstream_error"),
    "a problem that stays": ({"type": "about:blank", "status": 401}, "connection_refused"),
    "a request": ({"error": {"type": "invalid_request_error", "message": "model: x"}}, "request_refused"),
}
FORMS = {
    "as JSON": lambda body: [head(200, "application/json"), chunk(body), END],
    "as JSON of another type": lambda body: [head(200, "Application/Problem+JSON; charset=utf-8"), chunk(body), END],
    "as JSON under the name of a stream": lambda body: [head(), chunk(body), END],
    "as JSON with blank lines": lambda body: [head(), chunk(b"\n\n" + body + b"\r\n\r\n"), END],
    "as JSON called text": lambda body: [head(200, "text/plain"), chunk(body), END],
    "as an event called JSON": lambda body: [head(200, "application/json"), chunk(b"data: %s\n\n" % body), END],
    "as a nameless event": lambda body: [head(), chunk(b"data: %s\n\n" % body), END],
    "as a nameless event after the start": lambda body: [head(), chunk(start() + b"data: %s\n\n" % body), END],
    "as an event called message": lambda body: [head(), chunk(b"event: message\ndata: %s\n\n" % body), END],
    "as an event of its own name": lambda body: [head(), chunk(b"event: fault\ndata: %s\n\n" % body), END],
    "as an event called error": lambda body: [head(), chunk(b"event: error\ndata: %s\n\n" % body), END],
}


async def receive(connect: Connect, *scripts: list[Step]) -> tuple[list[Part], int]:
    """Return the parts of a call, and how many requests it made."""
    async with upstream(*scripts) as server, open_stream(connect(server.url), REQUEST, timing=QUICK) as stream:
        return [part async for part in stream], len(server.requests)


async def fail(connect: Connect, *scripts: list[Step]) -> tuple[ActionError, int]:
    async with upstream(*scripts) as server, open_stream(connect(server.url), REQUEST, timing=QUICK) as stream:
        with pytest.raises(ActionError) as failed:
            [part async for part in stream]
        return failed.value, len(server.requests)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize(("body", "code"), JSON_ERRORS.values(), ids=JSON_ERRORS.keys())
async def test_an_overload_behind_status_200_is_told_and_tried_again(
    connect: Connect, form: Any, body: Any, code: str
) -> None:
    script = form(json.dumps(body).encode())
    error, tries = await fail(connect, script)
    assert (error.code, tries, error.is_retryable, error.fault) == (code, 3, True, "vendor")
    parts, _ = await receive(connect, script, streamed("good"))
    assert [part.text for part in parts if isinstance(part, TextDelta)] == ["good"]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize(("body", "code"), ERRORS_NOT_REPEATED.values(), ids=ERRORS_NOT_REPEATED.keys())
async def test_another_error_behind_status_200_is_told_as_what_it_is(
    connect: Connect, form: Any, body: Any, code: str
) -> None:
    error, tries = await fail(connect, form(json.dumps(body).encode()))
    assert (error.code, tries, error.is_retryable) == (code, 1, False)


async def test_a_pause_that_such_an_error_asks_for_is_kept(connect: Connect) -> None:
    body = json.dumps({"error": OVERLOADED}).encode()
    script: list[Step] = [head(200, "application/json", retry_after="3600"), chunk(body), END]
    error, tries = await fail(connect, script)
    assert (error.retry_after_s, tries) == (3600, 1)


@pytest.mark.parametrize("status", [400, 500, 503])
async def test_an_overload_under_another_status_is_told_by_its_type(connect: Connect, status: int) -> None:
    error, tries = await fail(connect, refused(status, "overloaded_error"))
    assert (error.code, tries) == ("upstream_overloaded", 3)


@pytest.mark.parametrize("media_type", ["Text/Event-Stream", "TEXT/EVENT-STREAM;charset=UTF-8", "text/event-stream ;x"])
async def test_the_case_of_a_media_type_does_not_matter(connect: Connect, media_type: str) -> None:
    parts, _ = await receive(connect, [head(200, media_type), chunk(PLAIN), END])
    assert isinstance(parts[-1], Stop)


MESSAGE = {
    "id": "msg_9",
    "type": "message",
    "role": "assistant",
    "model": "claude-opus-4-6",
    "content": [
        {"type": "thinking", "thinking": "Hm.", "signature": "s"},
        {
            "type": "text",
            "text": "It turns.",
            "citations": [{"type": "web_search_result_location", "url": "https://e.test", "title": "T"}],
        },
    ],
    "stop_reason": "max_tokens",
    "stop_sequence": None,
    "usage": {"input_tokens": 3, "output_tokens": 5},
}
JSON_FORMS = {
    "as it is": (b"", b""),
    "before a blank line": (b"", b"\n\n"),
    "before a blank line with returns": (b"", b"\r\n\r\n"),
    "with a blank line within": (b"{\n\n", b""),
    "behind blank lines": (b" \r\n\n", b"\n"),
    "behind a byte order mark": (b"\xef\xbb\xbf\n", b"\n\n"),
}


def send_at_once(body: bytes) -> list[Step]:
    return [chunk(body), END]


def send_slowly(body: bytes) -> list[Step]:
    """Send the first bytes so that each is read alone."""
    return [*(step for at in range(8) for step in (chunk(body[at : at + 1]), Pause(0.001))), chunk(body[8:]), END]


STREAM_TYPES = ["application/json", "text/plain; charset=utf-8", "application/octet-stream", "", "a secret prompt"]


@pytest.mark.parametrize(("before", "behind"), JSON_FORMS.values(), ids=JSON_FORMS)
@pytest.mark.parametrize("media_type", ["application/json", "text/event-stream", "text/plain"])
@pytest.mark.parametrize("send", [send_at_once, send_slowly])
async def test_a_message_in_json_is_read_as_the_answer(
    connect: Connect, media_type: str, before: bytes, behind: bytes, send: Any
) -> None:
    body = before + json.dumps(MESSAGE).encode().removeprefix(b"{" if before.startswith(b"{") else b"") + behind
    async with upstream([head(200, media_type), *send(body)]) as server:
        steps = await run(connect(server.url))
    response = get_result(steps)
    assert get_texts(steps) == ["It turns."]
    content = (response["text"], response["thinking"], response["content"])
    assert content == ("It turns.", "Hm.", MESSAGE["content"])
    assert (response["stop_reason"], response["id"]) == ("max_tokens", "msg_9")
    assert (response["usage"]["input_tokens"], response["usage"]["output_tokens"]) == (3, 5)
    assert len(server.requests) == 1


@pytest.mark.parametrize("media_type", STREAM_TYPES)
@pytest.mark.parametrize("before", [b"", b"data:\n", b": hello\n\n", b"\xef\xbb\xbf", b"\r\n\n", b"retry: 5\nid: 1\n"])
@pytest.mark.parametrize("send", [send_at_once, send_slowly])
async def test_a_stream_of_another_media_type_is_read_by_its_first_bytes(
    connect: Connect, media_type: str, before: bytes, send: Any
) -> None:
    parts, tries = await receive(connect, [head(200, media_type), *send(before + PLAIN)])
    assert (isinstance(parts[-1], Stop), tries) == (True, 1)


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", "text/event-stream"])
@pytest.mark.parametrize("body", [b"", b" \n", b"da"])
async def test_a_body_that_ends_within_its_first_word_is_cut_off(
    connect: Connect, media_type: str, body: bytes
) -> None:
    error, tries = await fail(connect, [head(200, media_type), *([chunk(body)] if body else []), END])
    assert (error.code, tries) == ("upstream_truncated", 3)


FOREIGN = {
    "text": (head(200, "text/plain"), b"Welcome", "text/plain"),
    "text that is called JSON": (head(200, "application/json"), b"Welcome", "application/json"),
    "a page without a type": (head(200, ""), b"<h1>Welcome</h1>", "The server answered, but not"),
    "a page": (head(200, "text/html"), b"<h1>Welcome</h1>", "text/html"),
    "the JSON of another API": (head(200, "application/json"), b'{"object":"chat.completion"}', "application/json"),
    "the stream of another API": (
        head(),
        b'data: {"object":"chat.completion.chunk","choices":[]}\n\ndata: [DONE]\n\n',
        "text/event-stream",
    ),
    "JSON that is no object": (head(200, "application/json"), b"[]", "application/json"),
    "no media type that can be told": (head(200, "a secret prompt"), b"x", "The server answered, but not"),
}


@pytest.mark.parametrize(("begun", "body", "named"), FOREIGN.values(), ids=FOREIGN.keys())
async def test_an_answer_of_another_kind_is_refused_by_its_name(
    connect: Connect, begun: bytes, body: bytes, named: str
) -> None:
    error, tries = await fail(connect, [begun, chunk(body), END])
    assert (error.code, error.hint, tries) == ("upstream_protocol_error", CHECK_URL, 1)
    assert named in error.message


BLAMES_THE_ADDRESS = {"404 of a web server", "405", "a page", "a JSON answer"}


@pytest.mark.parametrize("name", BEFORE_CONTENT)
async def test_the_address_is_blamed_only_where_it_is_the_likely_cause(connect: Connect, name: str) -> None:
    script, _, _ = BEFORE_CONTENT[name]
    timing = choose_timing(script)
    async with upstream(script) as server, open_stream(connect(server.url), REQUEST, timing=timing) as stream:
        with pytest.raises(ActionError) as failed:
            [part async for part in stream]
    assert (failed.value.hint == CHECK_URL) == (name in BLAMES_THE_ADDRESS)


async def test_a_path_that_the_api_does_not_have_is_the_address_and_not_the_model(connect: Connect) -> None:
    error, _ = await fail(connect, refused(404, "not_found_error", "Not Found"))
    assert (error.code, error.hint) == ("upstream_protocol_error", CHECK_URL)
    error, _ = await fail(connect, refused(404, "not_found_error", "model: claude-opus-4-6"))
    assert error.code == "model_not_found"


@pytest.mark.parametrize(("host", "hint"), [("api.anthropic.com", CHECK_NETWORK), ("gateway.example", CHECK_URL)])
def test_the_address_that_every_connection_begins_with_is_not_blamed(host: str, hint: str) -> None:
    assert convert_failure(httpx2.ConnectError("x"), Call(f"https://{host}")).hint == hint
