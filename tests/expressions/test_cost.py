"""What an evaluation costs is bounded before it happens."""

from typing import Any

import pytest

from expressions.cost import MAX_QUICK_WORK
from expressions.program import Program, compile_expression
from expressions.weight import NODE_WEIGHT, weigh

DOCS = [{"text": "some words of a document", "n": 1} for _ in range(20)]
SMALL: dict[str, dict[str, Any]] = {
    "text.upper() + '!'": {"text": "a" * 2_000},
    "message.index == 0 && message.text.startsWith(' ')": {"message": {"text": "word", "index": 3}},
    "docs.map(d, d.text).join(', ')": {"docs": DOCS},
    "docs.filter(d, d.n > 1).size() == 0": {"docs": DOCS},
    "docs[7].text + 'a'": {"docs": DOCS * 10_000},
    "size(docs) > 3": {"docs": DOCS * 10_000},
    "answer.stop == 'end'": {"answer": {"stop": "end", "text": "a" * 5_000_000}},
    "has(answer.text) || answer.?stop.orValue('') == 'end'": {"answer": {"text": "a" * 5_000_000}},
}
LARGE: dict[str, dict[str, Any]] = {
    "text.contains('b')": {"text": "a" * 5_000_000},
    "docs.exists(d, d.n == 2)": {"docs": DOCS * 500},
    "docs.map(d, text)": {"docs": DOCS * 10, "text": "a" * 10_000},
    "docs.map(d, docs.map(e, docs.map(f, text)))": {"docs": DOCS, "text": "a" * 100},
    "text.replace('a', text)": {"text": "a" * 1_000},
    "text.split('').map(c, text)": {"text": "a" * 500},
    "docs.map(d, d.text).join(text)": {"docs": DOCS, "text": "a" * 20_000},
    "text.matches(text)": {"text": "a" * 1_000},
    "1 in numbers": {"numbers": list(range(20_000))},
    "[1, 2].map(x, [text + text, text + text]).size()": {"text": "a" * 10_000},
}


def compile_program(source: str, variables: dict[str, Any]) -> Program:
    program = compile_expression(source, variables)
    assert isinstance(program, Program)
    return program


@pytest.mark.parametrize(("source", "variables"), SMALL.items())
def test_what_costs_little_is_made_at_once(source: str, variables: dict[str, Any]) -> None:
    assert not compile_program(source, variables).is_large(variables)


@pytest.mark.parametrize(("source", "variables"), LARGE.items())
def test_what_may_cost_much_is_not_made_at_once(source: str, variables: dict[str, Any]) -> None:
    assert compile_program(source, variables).is_large(variables)


GROWING = ["text + text", "docs.map(d, text)", "text.replace('a', text)", "docs.map(d, docs.map(e, d + e)).size() > 0"]


@pytest.mark.parametrize("source", GROWING)
def test_what_is_made_at_once_gives_no_more_than_its_bound(source: str) -> None:
    for length in (1, 3, 10, 30, 100, 300):
        variables = {"text": "a" * length, "docs": ["b"] * length}
        program = compile_program(source, variables)
        if program.is_large(variables):
            break
        assert weigh(program.evaluate(variables), 10**9) <= MAX_QUICK_WORK


def test_weighing_ends_where_a_value_is_heavier_than_asked() -> None:
    class Counted(list[int]):
        looked_at = 0

        def __getitem__(self, index: Any) -> Any:
            type(self).looked_at += 1
            return super().__getitem__(index)

    assert weigh([Counted(range(1_000_000))], 1_000) > 1_000
    assert Counted.looked_at == 0
    assert weigh(["ab", {"c": None}], 1_000) == 5 * NODE_WEIGHT + 3
