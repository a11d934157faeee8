"""How earlier turns are read: what is kept, what is left out, and how faults are named."""

import json
from typing import Any

import pytest

from actions.anthropic.request.history import read_history
from actions.contract.errors import ActionError

ASK = {"role": "user", "content": "One"}
ANSWER = {"role": "assistant", "content": "Two"}
SEARCH = {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"query": "x"}}
FOUND = {"type": "web_search_tool_result", "tool_use_id": "s1", "content": []}
CITED = {"type": "text", "text": "Two", "citations": [{"type": "web_search_result_location"}]}
IMAGE = {"type": "image", "source": {"type": "url", "url": "https://example.com/x.png"}}


def assistant(*content: Any, **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": list(content), **more}


READ: dict[str, tuple[Any, list[Any]]] = {
    "nothing": (None, []),
    "empty text": ("", []),
    "an empty list": ([], []),
    "turns": ([ASK, ANSWER], [ASK, ANSWER]),
    "JSON": (json.dumps([ASK, ANSWER]), [ASK, ANSWER]),
    "an object with messages": ({"messages": [ASK]}, [ASK]),
    "two turns of one role": ([ASK, ASK], [ASK, ASK]),
    "further fields": ([{**ASK, "id": 7, "created_at": "now"}], [ASK]),
    "blocks": ([{"role": "user", "content": [IMAGE]}], [{"role": "user", "content": [IMAGE]}]),
    "an empty turn": ([ASK, {"role": "assistant", "content": ""}], [ASK]),
    "a blank turn": ([ASK, {"role": "assistant", "content": " \n"}], [ASK]),
    "a turn without blocks": ([ASK, assistant()], [ASK]),
    "empty blocks": ([ASK, assistant({"type": "text", "text": " "})], [ASK]),
    "a refused turn, with its question": ([ASK, ANSWER, ASK, assistant(stop_reason="refusal")], [ASK, ANSWER]),
    "a refused turn with text": ([ASK, {**ANSWER, "stop_reason": "refusal"}, ASK], [ASK]),
    "an answer before any question": ([ANSWER, ASK], [ASK]),
    "answers alone": ([ANSWER], []),
    "thinking": (
        [ASK, assistant({"type": "thinking", "thinking": "", "signature": "x"}, {"type": "text", "text": "Two"})],
        [ASK, assistant({"type": "text", "text": "Two"})],
    ),
    "tools of one's own": ([ASK, assistant({"type": "tool_use", "id": "t", "name": "n", "input": {}})], [ASK]),
    "a search, when none is offered": (
        [ASK, assistant(SEARCH, FOUND, CITED)],
        [ASK, assistant({"type": "text", "text": "Two"})],
    ),
}


@pytest.mark.parametrize(("value", "turns"), READ.values(), ids=READ.keys())
def test_a_history_is_made_fit_to_send(value: Any, turns: list[Any]) -> None:
    assert read_history(value) == turns


def test_a_source_that_is_not_sent_again_is_not_cited_again() -> None:
    of_result = {"type": "search_result_location", "search_result_index": 0}
    of_page = {"type": "web_search_result_location"}
    answer = {"type": "text", "text": "Two", "citations": [of_result, of_page]}
    (_, kept) = read_history([ASK, assistant(answer)], tools=True)
    assert kept["content"] == [{"type": "text", "text": "Two", "citations": [of_page]}]
    (_, kept) = read_history([ASK, assistant({**answer, "citations": [of_result]})], tools=True)
    assert kept["content"] == [{"type": "text", "text": "Two"}]


def test_a_search_is_kept_whole_when_this_request_offers_one() -> None:
    turns = [ASK, assistant(SEARCH, FOUND, CITED)]
    assert read_history(turns, tools=True) == turns


SECOND, OF_SECOND = {**SEARCH, "id": "s2"}, {**FOUND, "tool_use_id": "s2"}
SAID = {"type": "text", "text": "Two"}
OPEN_CALLS: dict[str, tuple[list[Any], list[Any]]] = {
    "at the end": ([assistant(SAID, SEARCH)], [assistant(SAID)]),
    "two at the end": ([assistant(SAID, SEARCH, SECOND)], [assistant(SAID)]),
    "in the middle": ([assistant(SEARCH, SAID, SECOND, OF_SECOND)], [assistant(SAID, SECOND, OF_SECOND)]),
    "alone": ([assistant(SEARCH)], []),
    "before a call that has the same id": (
        [assistant(SAID, SEARCH), ASK, assistant(SEARCH, FOUND)],
        [assistant(SAID), ASK, assistant(SEARCH, FOUND)],
    ),
    "none, in parts of one turn": ([assistant(SEARCH), assistant(FOUND)], [assistant(SEARCH), assistant(FOUND)]),
    "of a server of tools": ([assistant(SAID, {**SEARCH, "type": "mcp_tool_use"})], [assistant(SAID)]),
    "with an id that is none": ([assistant(SAID, {**SEARCH, "id": ["s1"]})], [assistant(SAID)]),
}


@pytest.mark.parametrize(("answers", "kept"), OPEN_CALLS.values(), ids=OPEN_CALLS.keys())
def test_a_search_without_a_result_is_not_sent(answers: list[Any], kept: list[Any]) -> None:
    assert read_history([ASK, *answers, ASK], tools=True) == [ASK, *kept, ASK]


MALFORMED: dict[str, tuple[Any, str]] = {
    "a number": (7, "it is not a list of messages"),
    "an object": ({"role": "user"}, "it is not a list of messages"),
    "a text": ("Hello", "it is no list of messages, and it is not JSON"),
    "JSON of another kind": ('"Hello"', "it is not a list of messages"),
    "a text among messages": ([ASK, "Hello"], "message 2 is not an object"),
    "no role": ([{"content": "x"}], "message 1 has no role 'user' or 'assistant'"),
    "a system turn": ([{"role": "system", "content": "x"}], "message 1 has no role 'user' or 'assistant'"),
    "no content": ([ASK, {"role": "user"}], "message 2 has a content that is neither text nor a list of blocks"),
    "a block without a type": (
        [ASK, assistant({"text": "x"})],
        "message 2 has a content that is neither text nor a list of blocks",
    ),
    "a text block without text": (
        [assistant({"type": "text"})],
        "message 1 has a content that is neither text nor a list of blocks",
    ),
    "several": ([1, ASK, {"role": "x"}], "message 1 is not an object, message 3 has no role 'user' or 'assistant'"),
    "many": ([1] * 7, "message 5 is not an object and 2 more"),
}


@pytest.mark.parametrize(("value", "told"), MALFORMED.values(), ids=MALFORMED.keys())
def test_each_malformed_message_is_named_by_its_position(value: Any, told: str) -> None:
    with pytest.raises(ActionError) as caught:
        read_history(value)
    assert caught.value.code == "invalid_history"
    assert told in caught.value.message


def test_what_a_history_holds_is_not_in_its_errors() -> None:
    with pytest.raises(ActionError) as caught:
        read_history([{"role": "secret words", "content": "more secret words"}])
    assert "secret" not in f"{caught.value} {caught.value.hint}"
