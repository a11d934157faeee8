"""What is streamed, the response, its content and the saved history are one text, whatever events come.

For any sequence of events: the messages joined equal the text of the response, or the call fails and names the event.
The sequences are drawn at random, from a fixed seed: some as the API writes them, most with faults of a gateway.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from random import Random
from typing import Any

import pytest

from actions.anthropic.answer.chunker import Chunker
from actions.anthropic.answer.grouping import Unit
from actions.anthropic.answer.response import build_response, build_step, build_usage
from actions.anthropic.request.history import read_history
from actions.anthropic.simulator.rules import check
from actions.anthropic.stream.api_message import ApiMessage
from actions.anthropic.stream.message_error import ErrorEvent, MessageError
from actions.anthropic.stream.message_stream import open_stream
from actions.anthropic.stream.parts import MessageStart
from actions.anthropic.stream.sse import Decoder
from actions.anthropic.stream.timing import Timing
from actions.chat.history import ChatHistory, Turn
from actions.chat.save_history import SaveChatHistory, SaveChatHistoryProperties
from actions.contract.action import ActionContext, Services
from actions.contract.errors import ActionError
from actions.contract.steps import BeginAnswer, Warn
from tests.actions.anthropic.completing import get_result, get_texts, get_warnings, run
from tests.actions.anthropic.conftest import Connect
from tests.actions.anthropic.upstream import (
    END,
    PING,
    STOP,
    Step,
    block_start,
    block_stop,
    chunk,
    delta,
    event,
    head,
    message_delta,
    start,
    text,
    upstream,
)

PURE_CASES, LEFT_CASES, SOCKET_CASES = 6_000, 2_000, 120
NAMES_AN_EVENT = re.compile(r"message_start|content_block_(start|delta|stop)|message_(delta|stop)|an event")
THINKING = {"type": "thinking", "thinking": "", "signature": ""}
SEARCH = {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}}
FOUND = {"type": "web_search_tool_result", "tool_use_id": "s", "content": []}
ASK = {"role": "user", "content": "Hi"}
Event = dict[str, Any]


class Gateway:
    """Writes the events of one answer, and does to them what gateways do."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 (the same answers in every run)
        self.words = iter(f"w{number}{'.' if number % 3 == 0 else ''} " for number in range(1000))

    def write(self) -> list[Event]:
        events = [*self._write_answer()]
        for _ in range(self.random.choice([0, 0, 1, 1, 2, 4])):
            self._spoil(events)
        return events

    def _write_answer(self) -> Iterator[Event]:
        usage = {"input_tokens": 3, "output_tokens": 1}
        yield {"type": "message_start", "message": {"id": "m", "model": "x", "content": [], "usage": usage}}
        for index in range(self.random.randint(0, 4)):
            yield from self._write_block(index)
        reason = self.random.choice(["end_turn", "end_turn", "max_tokens", "tool_use", "refusal", "novel"])
        yield {"type": "message_delta", "delta": {"stop_reason": reason}, "usage": {"output_tokens": 9}}
        yield {"type": "message_stop"}

    def _write_block(self, index: int) -> Iterator[Event]:
        block = self._choose_block()
        yield {"type": "content_block_start", "index": index, "content_block": block}
        for _ in range(self.random.randint(0, 4)):
            kinds = {"text": self._text, "thinking": self._thinking, "tool_use": self._input}
            each = kinds.get(block["type"], self._any_delta)()
            yield {"type": "content_block_delta", "index": index, "delta": each}
        yield {"type": "content_block_stop", "index": index}

    def _choose_block(self) -> Event:
        beginning = self.random.choice(["", "", "", next(self.words), None])
        return self.random.choice(
            [
                {"type": "text", "text": beginning},
                {"type": "text", "text": ""},
                {"type": "thinking", "thinking": beginning, "signature": ""},
                {"type": "tool_use", "id": "t", "name": "n", "input": {}},
                SEARCH,
                FOUND,
                {"type": "novel", "text": "not shown"},
            ]
        )

    def _text(self) -> Event:
        return {"type": "text_delta", "text": self.random.choice([next(self.words), next(self.words), ""])}

    def _thinking(self) -> Event:
        return {"type": "thinking_delta", "thinking": next(self.words)}

    def _input(self) -> Event:
        return {"type": "input_json_delta", "partial_json": self.random.choice(["", '{"a":', "1}", "5", "NaN"])}

    def _any_delta(self) -> Event:
        citation = {"type": "char_location", "cited_text": "c"}
        return self.random.choice(
            [
                *(self._text(), self._thinking(), self._input(), {"type": "signature_delta", "signature": "s"}),
                *({"type": "citations_delta", "citation": citation}, {"type": "novel_delta"}, {}, {"type": None}),
                *({"type": "text_delta", "text": None}, {"type": "text_delta"}, {"type": "thinking_delta"}),
            ]
        )

    def _spoil(self, events: list[Event]) -> None:
        at = self.random.choice([at for at, each in enumerate(events) if "type" in str(each)])
        match self.random.choice(["drop", "swap", "repeat", "delta", "index", "block", "alien", "cut", "type"]):
            case "drop":
                events[at] = {"type": "ping"}
            case "swap":
                other = self.random.randrange(len(events))
                events[at], events[other] = events[other], events[at]
            case "repeat":
                events.insert(self.random.randrange(len(events)), json.loads(json.dumps(events[at])))
            case "delta":
                index = self.random.randint(0, 3)
                events.insert(at, {"type": "content_block_delta", "index": index, "delta": self._any_delta()})
            case "index":
                events[at] = {**events[at], "index": self.random.choice([0, 1, 2, 9, -1, None, "0", []])}
            case "block":
                block, index = self._choose_block(), self.random.randint(0, 9)
                events.insert(at, {"type": "content_block_start", "index": index, "content_block": block})
            case "alien":
                aliens: list[Any] = [5, None, [], {"type": 5}, {"cost": 1}, {"type": "cost"}, {"error": None}]
                events.insert(at, self.random.choice(aliens))
            case "cut":
                del events[at + 1 :]
            case "type":
                events[at] = {**events[at], "type": self.random.choice(["content_block_stop", "message_delta", "x"])}


@pytest.fixture
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the pauses between two tries short."""
    hurried = Timing(first_pause_s=0.001, drain_s=0.05)
    monkeypatch.setitem(vars(open_stream)["__wrapped__"].__kwdefaults__, "timing", hurried)


def join_content(content: Any) -> str:
    return content if isinstance(content, str) else "".join(b["text"] for b in content if b["type"] == "text")


def check_response(streamed: list[str], response: Any) -> None:
    """Check that all that is kept of an answer is what was streamed, and that the API takes it back in a history."""
    if response["stop_reason"] == "refusal":  # what a refusal interrupts is taken back
        assert (response["text"], response["content"]) == ("", [])
        return
    assert "".join(streamed) == response["text"]
    assert join_content(response["content"]) == response["text"]
    turns = read_history([ASK, {"role": "assistant", "content": response["content"]}, ASK], tools=True)
    check({"model": "claude-haiku-4-5", "max_tokens": 1, "messages": turns}, "2026-10-21")


@pytest.mark.parametrize("unit", ["message", "sentence", "characters"])
def test_messages_response_and_history_are_one_text_or_the_call_fails_and_names_the_event(unit: Unit) -> None:
    completed = failed = 0
    for seed in range(PURE_CASES):
        message, chunker, streamed = ApiMessage(), Chunker(unit, 7), list[str]()
        try:
            for each in Gateway(seed).write():
                part = message.apply(each)
                if part is not None:
                    streamed += [chunk["text"] for chunk in chunker.chunk(part)]
                    assert build_step(part) is None or isinstance(part, MessageStart) == isinstance(
                        build_step(part), BeginAnswer
                    )
                if message.stop:
                    break
        except (MessageError, ErrorEvent) as error:
            failed += 1
            assert NAMES_AN_EVENT.search(str(error)), (seed, error)
        streamed += [chunk["text"] for chunk in chunker.flush()]
        check_response(streamed, build_response([message]))
        build_usage(message)
        completed += message.stop is not None
    assert completed > PURE_CASES / 5
    assert failed > PURE_CASES / 5


@pytest.mark.parametrize("unit", ["message", "sentence", "characters"])
def test_a_flow_that_leaves_an_answer_is_given_what_was_streamed_by_then(unit: Unit) -> None:
    left = 0
    for seed in range(LEFT_CASES):
        message, chunker, streamed = ApiMessage(), Chunker(unit, 7), list[str]()
        last = Random(f"{seed}").randint(1, 3)  # noqa: S311 (the same in every run)
        with suppress(MessageError, ErrorEvent):
            for chunk in list_chunks(Gateway(seed).write(), message, chunker):
                streamed.append(chunk["text"])
                if len(streamed) == last:
                    check_response(streamed, build_response([message], left=True, withheld=chunker.drop_rest()))
                    left += 1
                    break
    assert left > LEFT_CASES / 20


def list_chunks(events: list[Event], message: ApiMessage, chunker: Chunker) -> Iterator[Any]:
    for each in events:
        if message.stop is None and (part := message.apply(each)) is not None:
            yield from chunker.chunk(part)


class Memory:
    """A conversation that is kept in memory."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []

    async def load(self, session_id: str, limit: int) -> list[Turn]:
        return self.turns[-limit:]

    async def save(self, session_id: str, turns: list[Turn], run_id: str) -> None:
        self.turns += turns

    async def clear(self, session_id: str) -> None:
        self.turns.clear()


async def save(response: Any) -> list[Turn]:
    """Return the turns that Save chat history keeps: none of a refused answer, and of an empty one."""
    memory = Memory()
    context = ActionContext("run", "node", {}, services=Services({ChatHistory: memory}))
    given = {"session_id": "s", "user_message": "Hi", "response": response}
    steps = SaveChatHistory().run(SaveChatHistoryProperties.model_validate(given), context)
    assert [type(step) async for step in steps] == ([] if memory.turns else [Warn])
    return memory.turns


@pytest.mark.usefixtures("_hurried")
async def test_the_same_is_so_over_a_socket(connect: Connect) -> None:
    ends: dict[str, int] = {"completed": 0, "failed": 0}
    for seed in range(SOCKET_CASES):
        body = b"".join(b"data: %s\n\n" % json.dumps(each).encode() for each in Gateway(seed).write())
        async with upstream([head(), chunk(body), END]) as server:
            try:
                steps = await run(connect(server.url))
            except ActionError as error:
                ends["failed"] += 1
                is_named = error.code != "upstream_protocol_error" or NAMES_AN_EVENT.search(error.message)
                assert is_named, (seed, error.message)
                assert error.hint != "Check the base URL of the connection."
                continue
        ends["completed"] += 1
        response = get_result(steps)
        check_response(get_texts(steps), response)
        saved = await save(response)
        assert [join_content(turn["content"]) for turn in saved] in ([], ["Hi", response["text"]])
    assert min(ends.values()) > SOCKET_CASES / 8


MISFITS = {
    "text for thinking": (block_start(0, THINKING) + text("x"), "content_block_delta (text_delta) for block 0"),
    "thinking for text": (
        block_start() + delta(type="thinking_delta", thinking="x"),
        "content_block_delta (thinking_delta) for block 0",
    ),
    "text for a tool": (block_start(0, SEARCH) + text("x"), "content_block_delta (text_delta) for block 0"),
    "a signature for text": (block_start() + delta(type="signature_delta", signature="x"), "signature_delta"),
    "input for text": (block_start() + delta(type="input_json_delta", partial_json="{}"), "input_json_delta"),
    "text for an earlier block": (
        block_start() + block_start(1) + text("x"),
        "content_block_delta (text_delta) for block 0",
    ),
    "text behind its block": (block_start() + block_stop() + text("x"), "content_block_delta (text_delta)"),
    "text that is none": (block_start() + delta(type="text_delta", text=5), "content_block_delta (text_delta)"),
    "a beginning that is none": (block_start(0, {"type": "text", "text": 5}), "content_block_start for block 0"),
    "an event without a type": (b'data: {"cost": 1}\n\n', "an event has no type"),
    "an event that is no object": (b"data: 5\n\n", "an event is no object"),
    "an event that is no JSON": (b"data: {oh\n\n", "an event is no JSON"),
    "content in message_start": (b"", "message_start holds content"),
}


@pytest.mark.usefixtures("_hurried")
@pytest.mark.parametrize(("events", "named"), MISFITS.values(), ids=MISFITS.keys())
async def test_an_event_that_fits_nowhere_is_named(connect: Connect, events: bytes, named: str) -> None:
    message = {"content": [{"type": "text", "text": "x"}]}
    begun = start() + block_start(9, {"type": "novel"}) if events else event("message_start", message=message)
    async with upstream([head(), chunk(begun + events + block_stop() + message_delta() + STOP), END]) as server:
        with pytest.raises(ActionError) as failed:
            await run(connect(server.url))
    assert failed.value.code == "upstream_protocol_error"
    assert named in failed.value.message


async def test_text_at_the_start_of_a_block_is_streamed_with_its_sources(connect: Connect) -> None:
    source = {"type": "web_search_result_location", "url": "https://e.test", "title": "T", "cited_text": "c"}
    block = {"type": "text", "text": "Mill", "citations": [source]}
    script: list[Step] = [
        head(),
        chunk(start() + block_start(0, block) + text("race") + block_stop() + message_delta() + STOP),
        END,
    ]
    async with upstream(script) as server:
        steps = await run(connect(server.url))
    assert get_texts(steps) == ["Mill", "race"]
    assert (get_result(steps)["text"], len(get_result(steps)["citations"])) == ("Millrace", 1)


HALVES: dict[str, tuple[list[bytes], str]] = {
    "in two events": ([text("a\ud83d"), text("\ude00b"), text("c\ud83d"), text("d")], "a😀bc\ufffdd"),
    "with an empty text or a ping between": ([text("a\ud83d"), PING, text(""), PING, text("\ude00b")], "a😀b"),
    "of several characters": ([text("\ud83d"), text("\ude00\ud83d"), text("\ude00")], "😀😀"),
    "beside U+0000": ([text("a\0\ud83d"), text("\ude00b")], "a\ufffd😀b"),
    "with text between": ([text("a\ud83d"), text("b "), text("\ude00c")], "a\ufffdb \ufffdc"),
    "the first twice": ([text("a\ud83d"), text("\ud83d"), text("\ude00c")], "a\ufffd😀c"),
    "the second alone": ([text("a"), text("\ude00c")], "a\ufffdc"),
    "before the end of the block": ([text("a\ud83d")], "a\ufffd"),
    "in two blocks": ([text("a\ud83d"), block_stop(), block_start(1), text("\ude00", 1)], "a\ufffd\ufffd"),
    "with another block's between": (
        [text("a\ud83d"), block_stop(), block_start(1), text("b ", 1), text("\ude00c", 1)],
        "a\ufffdb \ufffdc",
    ),
}


@pytest.mark.parametrize(("said", "joined"), HALVES.values(), ids=HALVES)
@pytest.mark.parametrize("named", [True, False], ids=["named", "nameless"])
@pytest.mark.parametrize("is_cut", [True, False], ids=["one by one", "at once"])
async def test_halves_of_a_character_that_follow_one_another_are_one_character(
    connect: Connect, said: list[bytes], joined: str, named: bool, is_cut: bool
) -> None:
    events = [start() + block_start(), *said, block_stop(), message_delta() + STOP]
    body = [each if named or each is PING else re.sub(rb"event: .*\n", b"", each) for each in events]
    script: list[Step] = [head(), *map(chunk, body if is_cut else [b"".join(body)]), END]
    async with upstream(script) as server:
        steps = await run(connect(server.url))
    assert "".join(get_texts(steps)) == get_result(steps)["text"] == joined


@pytest.mark.parametrize("other", ["\ude00", "-"], ids=["the other half", "none"])
def test_halves_in_thinking_and_in_the_input_of_a_tool_are_joined_too(other: str) -> None:
    thoughts = [delta(type="thinking_delta", thinking=each) for each in ("a\ud83d", other + "b")]
    query = [delta(1, type="input_json_delta", partial_json=each) for each in ('{"q": "a\ud83d', other + 'b"}')]
    decoder, message = Decoder(), ApiMessage()
    for data in (start(), block_start(0, THINKING), *thoughts, block_stop(), block_start(1, SEARCH), *query):
        [message.apply(each) for each in decoder.decode(data)]
    message.apply({"type": "content_block_stop", "index": 1})
    joined = "a😀b" if other == "\ude00" else "a\ufffd-b"
    assert (message.thinking, message.content[1]["input"]) == (joined, {"q": joined})


async def test_a_character_that_no_store_takes_is_replaced_before_anybody_gets_it(connect: Connect) -> None:
    nameless = text("c\0").replace(b"event: content_block_delta\n", b"")
    said = block_start(0, {"type": "text", "text": "\0a"}) + text("b\0") + nameless + block_stop()
    async with upstream([head(), chunk(start() + said + message_delta() + STOP), END]) as server:
        steps = await run(connect(server.url))
    assert "".join(get_texts(steps)) == get_result(steps)["text"] == "\ufffdab\ufffdc\ufffd"


@pytest.mark.parametrize("closed", [True, False], ids=["at its stop", "without one"])
async def test_a_tools_input_that_max_tokens_cuts_is_a_cut_answer(connect: Connect, closed: bool) -> None:
    half = block_start(1, SEARCH) + delta(1, type="input_json_delta", partial_json='{"query": "wi')
    said = block_start() + text("I look.") + block_stop() + half + (block_stop(1) if closed else b"")
    script: list[Step] = [head(), chunk(start() + said + message_delta("max_tokens") + STOP), END]
    async with upstream(script) as server:
        steps = await run(connect(server.url), enable_grounding=True)
    assert get_warnings(steps) == [("answer_cut", "max_completion_tokens")]
    assert get_result(steps)["content"] == [{"type": "text", "text": "I look."}]


async def test_a_tools_input_that_is_no_json_in_a_whole_answer_is_a_fault(connect: Connect) -> None:
    half = block_start(0, SEARCH) + delta(0, type="input_json_delta", partial_json='{"query": "wi')
    script: list[Step] = [head(), chunk(start() + half + block_stop() + message_delta() + STOP), END]
    async with upstream(script) as server:
        with pytest.raises(ActionError) as failed:
            await run(connect(server.url), enable_grounding=True)
    assert "content_block_stop" in failed.value.message


@pytest.mark.parametrize("written", ["", " \n"], ids=["nothing", "white space"])
async def test_an_empty_answer_warns(connect: Connect, written: str) -> None:
    script: list[Step] = [
        head(),
        chunk(start() + block_start() + text(written) + block_stop() + message_delta() + STOP),
        END,
    ]
    async with upstream(script) as server:
        steps = await run(connect(server.url))
    assert get_warnings(steps) == [("empty_answer", None)]
