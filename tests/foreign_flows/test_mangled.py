"""Any file gives a result or a refusal that can be read, never another exception, and soon."""

import copy
import json
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from actions.contract.errors import DomainError
from actions.contract.json_values import build_json_value
from flows.exchange.read_file import read_file
from tests.foreign_flows import files
from tests.foreign_flows.recent_files import RECENT_FILES

ALL_FILES = {**files.FOREIGN_FILES, **RECENT_FILES}
ROUNDS = 400
MAX_ROUND_S = 5.0
"""Of the processor, so that other work on the host does not count. The first round reads all actions; others take
milliseconds."""
ODD_VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1.5, 10**18, "", " ", "{{", "}}", "{{ $json }}", "={{ $json.x }}", "{{#a.b#}}"),
    *([], {}, [[]], [None], [{}], {"": ""}, {"data": None}, ["x"] * 50, "é" * 300, "\u202e", "<p>", "\n", "1" * 60),
    *({"type": "llm"}, {"node": "Start"}, [["a"], ["b"]], "__proto__", "claude", "n8n-nodes-base.if", "0", "true"),
]


def list_places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every object or list in the value, with each of its keys."""
    todo = [value]
    while todo:
        part = todo.pop()
        keys = list(part) if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ()
        for key in keys:
            yield part, key
            todo.append(part[key])


def mangle(value: Any, dice: random.Random) -> Any:
    """Return the value with a few of its parts replaced, removed, doubled or exchanged."""
    mangled = copy.deepcopy(value)
    for _ in range(dice.randint(1, 6)):
        places = list(list_places(mangled))
        if not places:
            return mangled
        holder, key = dice.choice(places)
        other, other_key = dice.choice(places)
        deed = dice.randrange(4)
        if deed == 0:
            holder[key] = copy.deepcopy(dice.choice(ODD_VALUES))
        elif deed == 1:
            holder.pop(key)
        elif deed == 2 and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        elif other_key in (other if isinstance(other, dict) else range(len(other))):
            holder[key] = copy.deepcopy(other[other_key])
    return mangled


def judge(content: str, what: str) -> None:
    began = time.process_time()
    try:
        document = read_file(content).file.to_json()
        assert build_json_value(document) == document, what
    except DomainError as error:
        assert error.message.endswith("."), what
        assert error.kind in ("invalid", "too_large", "malformed"), what
        assert len(error.message) < 700, what
    assert time.process_time() - began < MAX_ROUND_S, what


@pytest.mark.parametrize("name", ALL_FILES)
def test_a_mangled_file_of_another_tool(name: str) -> None:
    dice = random.Random(name)  # noqa: S311  # the same each time, so that a failure can be looked at
    value = ALL_FILES[name]()
    write: Callable[[Any], str] = yaml.safe_dump if name.startswith("Dify") else json.dumps
    for round in range(ROUNDS):
        judge(write(mangle(value, dice)), f"{name}, round {round}")


@pytest.mark.parametrize("name", ALL_FILES)
def test_a_file_that_is_cut_off(name: str) -> None:
    text = json.dumps(ALL_FILES[name]())
    for end in range(0, len(text), 37):
        judge(text[:end], f"{name}, cut at {end}")


@pytest.mark.parametrize("value", ["NaN", "1e999", r'"\ud800"', r'"\u0000"', "9" * 30, "[" * 200 + "]" * 200])
def test_json_in_a_text_brings_no_value_that_a_flow_cannot_carry(value: str) -> None:
    template = files.flowise_node("p", "promptTemplate", "P", template="{x}", promptValues=f'{{"x": {value}}}')
    chain = files.flowise_node("c", "llmChain", "C", prompt="{{p.data.instance}}")
    note = files.dify_node("n", "note", "", text=json.dumps({"text": "?"}).replace('"?"', value))
    texts = {
        "body": {"nodes": [files.n8n_node("a", "x.httpRequest", jsonBody=f"[{value}]")], "connections": {}},
        "fields": {"nodes": [files.n8n_node("a", "x.set", jsonOutput=f'{{"x": {value}}}')], "connections": {}},
        "prompt": {"nodes": [template, chain], "edges": []},
        "note": files.build_dify() | {"workflow": {"graph": {"nodes": [note], "edges": []}}},
    }
    for what, document in texts.items():
        judge(json.dumps(document), what)


def build_deep_prompts() -> dict[str, Any]:
    """Prompts that fill each other twice: without a bound, the last one had half a million copies of the first."""
    nodes = [files.langflow_node(f"p{n}", "Prompt", template="{a}{b}") for n in range(19)]
    nodes.append(files.langflow_node("out", "ChatOutput"))
    edges = [files.langflow_edge(f"p{n + 1}", "prompt", f"p{n}", hole) for n in range(18) for hole in "ab"]
    edges.append(files.langflow_edge("p0", "prompt", "out", "input_value"))
    return {"data": {"nodes": nodes, "edges": edges}}


def build_dense_lines() -> dict[str, Any]:
    """Steps each of which leads to four others, every second one of which is passed over."""
    kinds = ("n8n-nodes-base.noOp", "n8n-nodes-base.wait")
    nodes = [files.n8n_node(f"n{n}", kinds[n % 2], 1.1, amount=1) for n in range(480)]
    connections = {
        f"n{n}": {"main": [[{"node": f"n{(n * 7 + m * 13 + 1) % 480}"} for m in range(4)]]} for n in range(480)
    }
    return {"nodes": nodes, "connections": connections}


LARGE = {
    "braces": files.build_n8n() | {"nodes": [files.n8n_node("a", "x.stopAndError", errorMessage="=" + "{{" * 500_000)]},
    "tags": {
        "nodes": [files.flowise_node("a", "directReplyAgentflow", "a", directReplyMessage="<" * 500_000)],
        "edges": [],
    },
    "prompts": build_deep_prompts(),
    "lines": build_dense_lines(),
    "one to all": {
        "nodes": [files.n8n_node(str(n), "x.left") for n in range(490)],
        "connections": {"0": {"main": [[{"node": str(n)} for n in range(1, 490)]]}},
    },
}


@pytest.mark.parametrize("name", LARGE)
def test_a_large_file_takes_no_longer_than_its_size(name: str) -> None:
    judge(json.dumps(LARGE[name]), name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "hello",
        "[]",
        "null",
        "{}",
        '{"nodes": 1}',
        '{"format": "millrace.flows"}',
        '{"format": "other", "version": 1}',
        '{"format": "millrace.flows", "version": "1"}',
        '{"format": "millrace.flows", "version": 1, "flows": []}',
        '{"format": "millrace.flows", "version": 1, "flows": [{}]}',
        '{"app": {"mode": "chat"}, "model_config": 7}',
        '{"a": 1, "a": 2}',
        '{"a": 1e999}',
        '{"a": NaN}',
        "[" * 100_000,
        '{"a":' * 100 + "1" + "}" * 100,
        "a: " + "[" * 100_000,
        "a: &a [1]\nb: *a",
        "a: !!python/object/apply:os.system [ls]",
        "a: !!int x",
        "a: .nan",
        "a: 2020-01-01\n? [b, c]\n: 1",
        "\x00\x01",
        "\ufeff{}",
        "PK\x03\x04",
        "app:\n  mode: workflow\nworkflow:\n  graph: [1]",
        '"\ud800"',
    ],
)
def test_what_is_no_flow_is_refused_or_empty(text: str) -> None:
    judge(text, text[:40])
