"""Every way in which a call fails: what is tried again, told and kept. Real sockets, real SDK."""

import asyncio
import itertools
import json
import logging
import traceback
from pathlib import Path
from typing import Any

import httpx2
import pytest

from actions.anthropic import streaming_chat_completion
from actions.anthropic.connection import AnthropicConnection
from actions.anthropic.stream.failure_words import WORDS_BY_STATUS
from actions.anthropic.stream.failures import Call, convert_failure
from actions.anthropic.stream.message_stream import MessageStream, open_stream
from actions.anthropic.stream.parts import Part, TextDelta, Waiting
from actions.anthropic.stream.timing import Timing
from actions.contract.errors import ActionError
from actions.contract.json_values import build_json_value
from actions.network.policy import NetworkPolicy
from actions.network.retry_after import MAX_SECONDS, read_retry_after
from tests.actions.anthropic.conftest import KEY, QUICK, SOON_SILENT, Connect, choose_timing
from tests.actions.anthropic.failing import AFTER_CONTENT, BEFORE_CONTENT, BEGINNING
from tests.actions.anthropic.upstream import (
    END,
    HANG,
    PING,
    RESET,
    Pause,
    Step,
    begun,
    block_start,
    chunk,
    delta,
    failing,
    head,
    refused,
    start,
    streamed,
    text,
    upstream,
)
from tests.actions.anthropic.ways import every_way  # noqa: F401  # a fixture
from tests.actions.network.dialling import Certificate

SECRET_PROMPT = "The prompt that nobody else may read"
REQUEST = {
    "model": "claude-opus-4-6",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": SECRET_PROMPT}],
}
GOOD = streamed("good")


pytestmark = pytest.mark.usefixtures("every_way")


async def call(
    connection: AnthropicConnection, parts: list[Part], timing: Timing = QUICK, **request: Any
) -> MessageStream:
    async with open_stream(connection, {**REQUEST, **request}, timing=timing) as stream:
        await collect(stream, parts)
    return stream


async def collect(stream: MessageStream, parts: list[Part]) -> None:
    async for part in stream:
        parts.append(part)  # noqa: PERF401 (what came before a failure is kept)


async def failed(connection: AnthropicConnection, timing: Timing = QUICK, **request: Any) -> ActionError:
    with pytest.raises(ActionError) as caught:
        await call(connection, [], timing, **request)
    return caught.value


@pytest.mark.parametrize(("script", "code", "tries"), BEFORE_CONTENT.values(), ids=BEFORE_CONTENT.keys())
async def test_a_failure_before_any_content_is_tried_again_only_where_that_may_help(
    connect: Connect, script: list[Step], code: str, tries: int
) -> None:
    async with upstream(script) as server:
        error = await failed(connect(server.url), choose_timing(script))
    assert (error.code, len(server.requests)) == (code, tries)


@pytest.mark.parametrize(
    "script",
    [script for script, _, tries in BEFORE_CONTENT.values() if tries > 1],
    ids=[name for name, (_, _, tries) in BEFORE_CONTENT.items() if tries > 1],
)
async def test_a_try_that_succeeds_leaves_no_trace_in_the_answer(connect: Connect, script: list[Step]) -> None:
    parts: list[Part] = []
    async with upstream(script, GOOD) as server:
        stream = await call(connect(server.url), parts, choose_timing(script))
    assert [part.text for part in parts if isinstance(part, TextDelta)] == ["good"]
    assert stream.message.content == [{"type": "text", "text": "good"}]
    assert [part.attempt for part in parts if isinstance(part, Waiting)] == [1]


def test_every_code_is_in_the_documentation() -> None:
    prose = Path(streaming_chat_completion.__file__).with_suffix(".md").read_text("utf-8")
    told = {code for _, code, _ in BEFORE_CONTENT.values()} | {words.code for words in WORDS_BY_STATUS.values()}
    assert {code for code in told if f"`{code}`" not in prose} == set()


@pytest.mark.parametrize(("rest", "code"), AFTER_CONTENT.values(), ids=AFTER_CONTENT.keys())
async def test_after_content_nothing_is_tried_again_and_the_text_is_kept(
    connect: Connect, rest: list[Step], code: str
) -> None:
    parts: list[Part] = []
    async with (
        upstream([*begun("one ", "two"), *rest], GOOD) as server,
        open_stream(connect(server.url), REQUEST, timing=choose_timing(rest)) as stream,
    ):
        with pytest.raises(ActionError) as caught:
            await collect(stream, parts)
    assert (caught.value.code, len(server.requests)) == (code, 1)
    assert stream.message.text == "one two"
    assert [part.text for part in parts if isinstance(part, TextDelta)] == ["one ", "two"]


@pytest.mark.parametrize(
    ("bad", "code"),
    [(b"data: {oh\n\n", "upstream_protocol_error"), (failing("overloaded_error"), "upstream_overloaded")],
    ids=["bad JSON", "error event"],
)
async def test_what_comes_in_one_read_before_a_failure_is_handed_on(connect: Connect, bad: bytes, code: str) -> None:
    parts: list[Part] = []
    once = [head(), chunk(start() + block_start() + text("one ") + text("two") + bad + text("three")), END]
    async with (
        upstream(once) as server,
        open_stream(connect(server.url), REQUEST, timing=QUICK) as stream,
    ):
        with pytest.raises(ActionError) as caught:
            await collect(stream, parts)
    assert caught.value.code == code
    assert [part.text for part in parts if isinstance(part, TextDelta)] == ["one ", "two"]


@pytest.mark.parametrize("filler", [PING, b": still here\n\n", b"x"], ids=["pings", "comments", "a byte"])
async def test_only_content_ends_a_silence(connect: Connect, filler: bytes) -> None:
    steps: list[Step] = [chunk(filler), Pause(0.01)]
    kept_up = itertools.cycle(steps)  # for ever: if it were content, nothing would fail
    async with asyncio.timeout(60), upstream(itertools.chain(begun("one "), kept_up)) as server:
        error = await failed(connect(server.url), SOON_SILENT)
    assert error.code == "upstream_stalled"


@pytest.mark.parametrize(
    "content",
    [
        block_start(0, {"type": "thinking", "thinking": ""}) + delta(0, type="thinking_delta", thinking="Hm"),
        block_start(0, {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}}),
    ],
    ids=["thinking that was shown", "a search that is billed"],
)
async def test_content_is_not_only_text(connect: Connect, content: bytes) -> None:
    async with upstream([head(), chunk(start() + content), END], GOOD) as server:
        error = await failed(connect(server.url))
    assert (error.code, len(server.requests)) == ("upstream_truncated", 1)


async def test_two_failures_and_then_an_answer(connect: Connect) -> None:
    overloaded = refused(529, "overloaded_error")
    parts: list[Part] = []
    async with upstream(overloaded, overloaded, GOOD) as server:
        await call(connect(server.url), parts)
    waits = [part for part in parts if isinstance(part, Waiting)]
    assert [(wait.attempt, wait.code) for wait in waits] == [
        (1, "upstream_overloaded"),
        (2, "upstream_overloaded"),
    ]
    assert 1.2 <= waits[1].seconds / waits[0].seconds < 3.4


async def test_retry_after_is_waited_for(connect: Connect) -> None:
    parts: list[Part] = []
    async with upstream(refused(429, "rate_limit_error", retry_after="0.02"), GOOD) as server:
        await call(connect(server.url), parts)
    assert [part.seconds for part in parts if isinstance(part, Waiting)] == [0.02]


@pytest.mark.parametrize("header", ["3600", "Wed, 21 Oct 2099 07:28:00 GMT"])
async def test_a_long_retry_after_fails_at_once_and_names_it(connect: Connect, header: str) -> None:
    async with upstream(refused(429, "rate_limit_error", retry_after=header), GOOD) as server:
        error = await failed(connect(server.url))
    assert (error.code, len(server.requests)) == ("upstream_rate_limited", 1)
    assert "asks to wait" in error.message


async def test_a_pause_beyond_the_time_limit_fails_at_once(connect: Connect) -> None:
    patient = Timing(longest_pause_s=3600)
    async with upstream(refused(529, "overloaded_error", retry_after="6"), GOOD) as server:
        error = await failed(connect(server.url, time_limit_s=5), patient)
    assert (error.code, len(server.requests)) == ("upstream_overloaded", 1)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        *((None, None), ("7", 7), ("1.5", 1.5), ("-3", 0), ("soon", None), ("nan", None), ("inf", None)),
        *(("9" * 30, MAX_SECONDS), ("1e300", MAX_SECONDS), ("9" * 400, None), ("", None), ("Sat,", None)),
        *(("Sat, 01 Jan 2000 00:00:00 GMT", 0), ("Sat, 01 Jan 10000 00:00:00 GMT", None)),
    ],
)
def test_retry_after_is_read_as_a_number_of_seconds(header: str | None, seconds: float | None) -> None:
    assert read_retry_after({} if header is None else {"retry-after": header}) == seconds


@pytest.mark.parametrize(("header", "seconds"), [("1500", 1.5), ("-1", 0), ("1e300", MAX_SECONDS), ("soon", 7)])
def test_milliseconds_are_more_exact_than_seconds(header: str, seconds: float) -> None:
    assert read_retry_after({"retry-after-ms": header, "retry-after": "7"}) == seconds


@pytest.mark.parametrize("header", ["Sat, 01 Jan 10000 00:00:00 GMT", "9" * 30])
async def test_no_retry_after_hides_what_failed(connect: Connect, header: str) -> None:
    overloaded = failing("overloaded_error")
    script: list[Step] = [head(retry_after=header), chunk(start() + block_start() + text("Hi") + overloaded), END]
    for each, code in ((script, "upstream_overloaded"), (refused(429, retry_after=header), "upstream_rate_limited")):
        async with upstream(each) as server:
            error = await failed(connect(server.url))
        assert (error.code, error.retry_after_s) in [(code, None), (code, MAX_SECONDS)]
        assert build_json_value(error.retry_after_s) == error.retry_after_s


async def test_the_time_limit_of_the_connection_ends_a_call_that_never_ends(connect: Connect) -> None:
    endless = [*begun(), *[item for _ in range(200) for item in (chunk(text("a")), Pause(0.01))]]
    async with upstream(endless) as server:
        hurried = connect(server.url).model_copy(update={"time_limit_s": 0.2})
        error = await failed(hurried)
    assert (error.code, "time limit of 0.2 s" in error.message) == ("upstream_timeout", True)


async def test_a_line_without_an_end_is_cut_off(connect: Connect) -> None:
    endless = [*BEGINNING, *([chunk(b"x" * 2**20)] * 10), END]
    async with upstream(endless) as server:
        error = await failed(connect(server.url), Timing())
    assert (error.code, error.detail["tries"]) == ("upstream_protocol_error", 1)


async def test_a_redirect_is_not_followed(connect: Connect) -> None:
    async with upstream(GOOD) as elsewhere:
        moved = [head(307, location=f"{elsewhere.url}/v1/messages"), END]
        async with upstream(moved) as server:
            error = await failed(connect(server.url))
    assert (error.code, elsewhere.connections) == ("upstream_redirected", 0)


async def test_a_server_that_is_not_there_is_unreachable(connect: Connect) -> None:
    async with upstream(GOOD) as server:
        pass
    error = await failed(connect(server.url))
    assert (error.code, error.detail["tries"]) == ("upstream_unreachable", 3)


async def test_an_address_that_is_no_longer_allowed_is_not_reached(connect: Connect) -> None:
    async with upstream(GOOD) as server:
        forbidden = connect(server.url).model_copy(update={"network": NetworkPolicy()})
        error = await failed(forbidden)
    assert (error.code, server.connections) == ("address_not_allowed", 0)


async def test_a_certificate_that_nobody_vouches_for_is_told(connect: Connect, tmp_path: Path) -> None:
    async with upstream(GOOD, tls=Certificate(tmp_path).server()) as server:
        error = await failed(connect(server.url.replace("http://", "https://")))
    assert (error.code, error.detail["tries"]) == ("upstream_tls_error", 1)
    assert "certificate" in error.message


def test_an_exception_that_is_its_own_cause_is_told_all_the_same() -> None:
    looped = httpx2.ReadError("Scripted")
    looped.__cause__ = looped
    assert convert_failure(looped, Call("https://api.example")).code == "upstream_disconnected"


async def test_a_server_without_tls_is_told(connect: Connect) -> None:
    async with upstream([HANG]) as server:
        error = await failed(connect(server.url.replace("http://", "https://")), SOON_SILENT)
    assert error.code in ("upstream_tls_error", "upstream_unreachable", "upstream_stalled")


@pytest.mark.parametrize(
    ("reason", "code", "named"),
    [
        ("temperature: Extra inputs are not permitted", "request_refused", "Temperature"),
        ("max_tokens: 900000 > 64000, which is the maximum", "request_refused", "Max Completion Tokens"),
        ("messages.3.content: Field required", "request_refused", "the messages"),
        ("output_config.effort: not supported", "request_refused", "Effort"),
        ("secret_field: whatever", "request_refused", "The API refused the request."),
        (
            "prompt is too long: 300000 tokens > 200000 maximum",
            "request_too_large",
            "longer than the model can read",
        ),
        ("Your credit balance is too low to access the API", "billing", "pay"),
        ("You have reached your specified API usage limits", "billing", "pay"),
    ],
)
async def test_a_refused_request_names_the_field_where_it_is_one_of_ours(
    connect: Connect, reason: str, code: str, named: str
) -> None:
    async with upstream(refused(400, "invalid_request_error", reason)) as server:
        error = await failed(connect(server.url))
    assert error.code == code
    assert named in error.message


async def test_a_spend_limit_is_billing_and_not_tried_again(connect: Connect) -> None:
    details = {"error_code": "enforced_spend_limit_reached"}
    body = {"type": "error", "error": {"type": "rate_limit_error", "message": "x", "details": details}}
    async with upstream([head(429, "application/json"), chunk(json.dumps(body).encode()), END]) as server:
        error = await failed(connect(server.url))
    assert (error.code, len(server.requests)) == ("billing", 1)


async def test_a_retired_model_is_told_with_its_date(connect: Connect) -> None:
    async with upstream(refused(404, "not_found_error", "model: claude-3-5-sonnet-latest")) as server:
        error = await failed(connect(server.url), model="claude-3-5-sonnet-latest")
    assert (error.code, "28 October 2025" in error.message) == ("model_not_found", True)


@pytest.mark.parametrize(
    "script",
    [
        refused(401, "authentication_error", f"invalid key {KEY}"),
        refused(400, "invalid_request_error", f"{SECRET_PROMPT} {KEY}"),
        [*begun("one"), RESET],
        [RESET],
        [*BEGINNING, chunk(b"event: content_block_delta\ndata: {oh\n\n"), END],
    ],
    ids=["401", "400", "RST", "RST before", "bad JSON"],
)
async def test_no_error_and_no_log_holds_a_key_or_a_prompt(
    connect: Connect, script: list[Step], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with upstream(script) as server:
        connection = connect(server.url)
        error = await failed(connection)
    told = f"{error} {error.hint} {error.code} {error!r}"
    behind = "".join(traceback.format_exception(error))
    assert (error.__cause__, error.__context__) == (None, None)
    for place in (told, behind, caplog.text, repr(connection), str(error.detail)):
        assert KEY not in place
    for place in (told, behind):
        assert SECRET_PROMPT not in place


async def test_prompts_are_not_logged_even_at_debug(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with upstream(GOOD) as server:
        await call(connect(server.url), [])
    assert SECRET_PROMPT not in caplog.text
    assert KEY not in caplog.text


async def test_the_log_holds_what_an_operator_needs(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    async with upstream(refused(400, "invalid_request_error", "tools.0: no such\ntool")) as server:
        error = await failed(connect(server.url))
    assert error.detail == {
        "status": 400,
        "type": "invalid_request_error",
        "request_id": "req_1",
        "reason": "tools.0: no such\\ntool",
        "tries": 1,
    }
    record = caplog.records[-1]
    assert (record.levelname, "req_1" in record.getMessage(), "\n" in record.getMessage()) == (
        "WARNING",
        True,
        False,
    )
