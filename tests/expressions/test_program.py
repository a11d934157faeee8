"""Expressions: what they give, what they refuse, and that nothing written in them is ever code."""

from typing import Any

import pytest

from expressions.errors import ExpressionError
from expressions.program import compile_expression
from flows.graph.bindings import compile_binding
from tests.expressions.evaluating import evaluate

VARIABLES: dict[str, Any] = {
    "request": {"prompt": "Hi", "tags": ["a", "b"], "nested": {"n": 2}},
    "docs": [{"text": "one"}, {"text": "two"}],
    "secret": "{{ request.prompt }}",
}

VALUES = {
    "request.prompt": "Hi",
    "docs[1].text": "two",
    "request.nested.n + 1": 3,
    "size(request.tags)": 2,
    "docs.map(d, d.text).join(', ')": "one, two",
    "request.?missing.orValue('none')": "none",
    "request.prompt == 'Hi' && !(1 > 2)": True,
    "request.prompt.upper().replace('H', 'h')": "hI",
    "'a,b'.split(',')": ["a", "b"],
    "'}}' + request.prompt": "}}Hi",
    "{'n': [1, 2.5, null]}": {"n": [1, 2.5, None]},
}


@pytest.mark.parametrize(("source", "value"), VALUES.items())
def test_a_value_keeps_its_type(source: str, value: Any) -> None:
    assert compile_expression(source, VARIABLES).evaluate(VARIABLES) == value


ATTACKS = [
    "''.__class__.__mro__",
    "request.__class__",
    "docs.__len__",
    "__import__('os').system('true')",
    "request.prompt.__init__.__globals__",
    "10**10**10",
    "'a' * 1000000000",
    "lambda: 1",
    "[x for x in docs]",
    "open('/etc/passwd')",
    "(" * 5000 + "1" + ")" * 5000,
    "+".join(["1"] * 1000),
    "request.prompt" + " + 'x'" * 900,
    "docs.map(a, docs.map(b, docs.map(c, docs.map(d, docs.map(e, docs.map(f, docs.map(g, docs.map(h, docs.map(i, docs"
    ".map(j, docs.map(k, docs.map(l, docs.map(m, docs.map(n, docs.map(o, docs.map(p, docs.map(q, docs)))))))))))))))))",
    "eval('1')",
    "\x00",
    "request['prompt'].format(1)",
    "%s" * 100,
]


@pytest.mark.parametrize("source", ATTACKS)
def test_an_attack_is_refused_with_a_sentence(source: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        evaluate(source, VARIABLES)
    assert refused.value.message


def test_a_pattern_that_backtracks_elsewhere_is_linear_here() -> None:
    hostile = {**VARIABLES, "text": "a" * 5_000 + "!"}
    assert compile_expression("text.matches('^(a+)+$')", hostile).evaluate(hostile) is False


def test_a_text_cannot_be_grown_without_bound() -> None:
    large = {"text": "a" * 900_000}
    with pytest.raises(ExpressionError):
        evaluate("text.replace('a', 'bbbbbbbbbb')", large)


def test_a_template_is_read_once() -> None:
    """What a segment gives is text, whatever it holds."""
    assert compile_binding("{{ secret }}!", VARIABLES).evaluate(VARIABLES) == "{{ request.prompt }}!"


@pytest.mark.parametrize("text", ["${7*7}", "#{7*7}", "<%= 7*7 %>", "{% debug %}", "{x.__init__}", "%(x)s"])
def test_other_template_languages_are_text(text: str) -> None:
    assert compile_binding(text, VARIABLES).evaluate(VARIABLES) == text


def test_a_template_of_one_segment_keeps_the_type() -> None:
    assert compile_binding("{{ request.tags }}", VARIABLES).evaluate(VARIABLES) == ["a", "b"]


def test_a_template_of_several_segments_is_text() -> None:
    text = compile_binding("{{ request.prompt }}: {{ request.tags }} {{ '}}' }}", VARIABLES).evaluate(VARIABLES)
    assert text == 'Hi: ["a","b"] }}'


def test_an_error_tells_its_column_in_the_whole_text() -> None:
    with pytest.raises(ExpressionError) as refused:
        compile_binding("Dear {{ nobody }}", VARIABLES)
    assert refused.value.column == 9


def test_only_the_variables_that_are_named_are_handed_over() -> None:
    assert compile_expression("request.prompt + 'x'", VARIABLES).names == {"request"}
