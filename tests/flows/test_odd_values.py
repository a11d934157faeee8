"""Values on which parsers differ, from every source: each run ends, and the strictest parser reads all it tells."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from actions.anthropic.request.history import read_history
from actions.anthropic.request.structured import parse_answer
from actions.contract.action import Services
from actions.contract.errors import ActionError
from actions.network.policy import NetworkPolicy
from expressions.errors import ExpressionError
from expressions.program import compile_expression
from flows import services
from flows.engine.resources import RunResources
from flows.events.events import RunEvent, encode
from flows.events.fold import fold
from tests.actions.anthropic.upstream import END, chunk, head, upstream
from tests.flows.rest_client import whole
from tests.flows.scripted import graph, node, path, run, trigger
from tests.odd_values import CARRIED, REFUSED, parse_strictly
from workspaces.models import Workspace

TEXTS = {**{name: text for name, (text, _) in CARRIED.items()}, **REFUSED}


def build_graph(source: dict[str, Any], expression: str) -> dict[str, Any]:
    """Return a flow that yields, logs and returns what the source has given."""
    value = {"expression": expression}
    steps = [
        trigger(),
        source,
        node("yield", "control.yield_return", value=value),
        node("log", "control.log", message="It is {{ " + expression + " }}"),
        node("return", "control.return", value=value),
    ]
    return graph(steps, path("trigger", "source", "yield", "log", "return"))


async def parse_in_a_flow(text: str) -> list[RunEvent]:
    source = node("source", "data.parse_json", text={"expression": "chatCompletionRequest.prompt"})
    return await run(build_graph(source, "json"), text)


async def receive_over_http(text: str) -> list[RunEvent]:
    answer = [head(200, "application/json"), chunk(text.encode()), END]
    async with upstream(answer) as server:
        offered = RunResources("r", {}, Services({NetworkPolicy: NetworkPolicy(frozenset({server.host}))}))
        source = node("source", "http.request", url=server.url)
        return await run(build_graph(source, "answer.body"), resources=offered)


SOURCES: dict[str, Callable[[str], Awaitable[list[RunEvent]]]] = {
    "Parse JSON": parse_in_a_flow,
    "HTTP request": receive_over_http,
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_whatever_comes_in_every_event_is_strict_json(
    source: Callable[[str], Awaitable[list[RunEvent]]], text: str
) -> None:
    events = await source(text)
    assert events[-1]["type"] in ("run.completed", "run.failed")
    for event in events:
        assert parse_strictly(encode(event)) == json.loads(encode(event))


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
@pytest.mark.parametrize(("text", "value"), CARRIED.values(), ids=CARRIED)
async def test_every_source_makes_the_same_value_of_a_text(
    source: Callable[[str], Awaitable[list[RunEvent]]], text: str, value: Any
) -> None:
    assert repr(fold(await source(text))["result"]) == repr(value)


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
async def test_parse_json_says_why_a_text_is_no_value(text: str) -> None:
    error = fold(await parse_in_a_flow(text))["error"]
    assert error is not None
    assert (error["code"], error["node"]) == ("invalid_json", "source")


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
async def test_the_body_of_an_answer_that_is_no_json_is_its_text(text: str) -> None:
    assert fold(await receive_over_http(text))["result"] == text


@pytest.mark.parametrize(("text", "value"), CARRIED.values(), ids=CARRIED)
async def test_a_structured_answer_is_read_alike(text: str, value: Any) -> None:
    assert repr(await parse_answer({}, "end_turn", text)) == repr(value)


@pytest.mark.parametrize("text", [text for text, _ in CARRIED.values() if len(text) < 200])
def test_a_history_is_read_alike(text: str) -> None:
    turns = read_history(f'[{{"role": "user", "content": "?", "odd": {text}}}]')
    assert turns == [{"role": "user", "content": "?"}]


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
async def test_a_structured_answer_and_a_history_that_are_no_values_are_refused(text: str) -> None:
    with pytest.raises(ActionError, match="is not what Response Format asks for"):
        await parse_answer({}, "end_turn", text)
    with pytest.raises(ActionError, match="The history cannot be used"):
        read_history(f'[{{"role": "user", "content": {text}}}]')


EXPRESSIONS: dict[str, tuple[str, Any]] = {
    "a division by zero": ("1.0 / 0.0", "not_json"),
    "zero by zero": ("0.0 / 0.0", "not_json"),
    "a division within a list": ("[[1.0 / 0.0]]", "not_json"),
    "a division within an object": ("{'a': -1.0 / 0.0}", "not_json"),
    "a product too large": ("1e308 * 10.0", "not_json"),
    "infinity by name": ("double('Infinity')", "not_json"),
    "an unsigned number": ("18446744073709551615u", "not_json"),
    "a whole division by zero": ("1 / 0", "expression_failed"),
    "a whole number too large": ("9223372036854775807 + 1", "expression_failed"),
    "bytes": ("[b'ab', b'\\xff']", ["ab", "\ufffd"]),
    "a duration": ("{'d': duration('90m')}", {"d": "5400s"}),
    "a time": ("[timestamp('2026-01-01T00:00:00Z')]", ["2026-01-01T00:00:00Z"]),
    "keys that are numbers": ("{1: 'a', 2: 'b'}", {"1": "a", "2": "b"}),
    "keys that are yes and no": ("{true: 1}", {"true": 1}),
    "keys that become equal": ("{1: 'a', '1': 'b'}", "not_json"),
    "a type": ("[type(1)]", ["INT"]),
    "NUL": ("'a\\u0000b'", "a\ufffdb"),
}


@pytest.mark.parametrize(("source", "given"), EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_an_expression_gives_json_or_says_why_not(source: str, given: Any) -> None:
    compiled = compile_expression(source, [])
    if isinstance(given, str) and given in ("not_json", "expression_failed"):
        with pytest.raises(ExpressionError) as failed:
            compiled.evaluate({})
        assert failed.value.code == given
    else:
        assert compiled.evaluate({}) == given


def test_an_event_is_strict_json_whatever_an_action_has_put_into_it() -> None:
    value = {"a": [float("inf"), float("nan")], "b": "\ud800"}
    event: Any = {
        "type": "item",
        "seq": 1,
        "ms": 0,
        "index": 0,
        "node": "n",
        "source": None,
        "message": None,
        "value": value,
    }
    assert parse_strictly(encode(event))["value"] == {"a": [None, None], "b": "\ufffd"}


async def test_a_value_that_grows_deeper_at_each_pass_fails_the_run_at_its_node() -> None:
    deepen = node("deepen", "data.set_variable", name="v", value={"expression": "[[v]]"})
    steps = [
        trigger(),
        node("declare", "data.declare_variables", variables={"v": 0}),
        node("loop", "control.while", condition={"expression": "true"}),
        deepen,
    ]
    events = await run(graph(steps, path("trigger", "declare", "loop:do", "deepen")))
    error = fold(events)["error"]
    assert error is not None
    assert (error["code"], error["node"]) == ("not_json", "deepen")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ended_log")
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_a_body_is_refused_or_comes_back_as_strict_json(workspace: Workspace, key: str, text: str) -> None:
    last = node("return", "control.return", value={"expression": "input"})
    document = graph([node("trigger", "http.trigger", request_variable_name="input"), last], path("trigger", "return"))
    flow = await sync_to_async(services.create_flow)(workspace.pk, "Odd", "", document)
    for call in ("run", "stream"):
        response = await AsyncClient().generic(
            "POST",
            f"/api/v1/flows/{flow.pk}/{call}",
            f'{{"odd": {text}}}',
            content_type="application/json",
            headers={"Authorization": f"Bearer {key}", "Accept": "application/x-ndjson, application/json"},
        )
        assert response.status_code in (200, 400)
        body = (await whole(response)).encode() if response.streaming else response.content
        for line in body.splitlines():
            parse_strictly(line)
