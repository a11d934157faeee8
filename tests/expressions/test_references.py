"""What of its variables an expression is given, and that it gives the same as over whole variables."""

import json
from typing import Any

import pytest
from cel_expr_python import cel

from actions.contract.json_values import build_json_value
from expressions.errors import ExpressionError
from expressions.functions import build_environment
from expressions.program import Program, compile_expression
from expressions.weight import weigh
from tests.expressions.evaluating import evaluate, evaluate_large

VARIABLES: dict[str, Any] = {
    "answer": {"text": "Long. " * 100, "stop": "end", "tokens": 7, "none": None, "price": 0.5, "deep": {"x": {"y": 1}}},
    "docs": [{"text": f"text {number}", "n": number, "tags": ["a", "b"]} for number in range(20)],
    "i": 3,
    "f": 2.0,
    "key": "stop",
    "yes": True,
    "none": None,
}

GIVEN = {
    "answer.tokens + 1": [7],
    "docs[i].n + i": [3, 3],
    "docs[i].text + docs[i].text": ["text 3"],
    "docs[docs[i].n].text + ''": ["text 3"],
    "answer[key] == 'end'": ["end"],
    "size(docs)": [20],
    "docs.size() > 3 && size(answer.text) > 3": [20, 600],
    "has(answer.text)": [True],
    "has(answer.deep.z)": [False],
    "answer.?stop.orValue('')": [{"stop": "end"}],
    "answer[?'other'].orValue('')": [{}],
    "answer != null": [True],
    "answer.none == null": [None],
    "docs.map(i, i.n + f)": [VARIABLES["docs"], 2.0],
    "[1].map(docs, docs + i)": [3],
    "{'a': answer.tokens, 'b': [i]}": [7, 3],
}


@pytest.mark.parametrize(("source", "given"), GIVEN.items())
def test_an_expression_is_given_what_it_names_and_no_more(source: str, given: list[Any]) -> None:
    program = compile_expression(source, VARIABLES)
    assert isinstance(program, Program)
    assert list(program.look_up(VARIABLES)[0].values()) == given


SOURCES = [
    *GIVEN,
    *("docs[f].n + 0", "docs[19].n + 0", "docs[20].n + 0", "docs[-1].n + 0", "docs['a'].n + 0", "docs[yes].n + 0"),
    *("answer[0] == 1", "answer.absent == 1", "answer.absent.more == 1", "answer.text.more == 1", "answer.none.x == 1"),
    *("true || answer.absent", "answer.absent || true", "answer.absent && false", "yes ? 1 : answer.absent"),
    *("yes ? answer.absent : 1", "has(answer.absent.more)", "has(answer.text.more)", "has(answer.none.x)"),
    *("size(answer.tokens)", "size(none)", "none == null", "null != none", "answer == answer", "docs == null"),
    *("docs.map(d, d.tags).size()", "docs.filter(d, d.n > i).map(d, d.text).join('-')", "docs.all(d, has(d.n))"),
    *("docs.exists(d, d.n == i)", "docs.exists_one(d, d.n == docs[i].n)", "docs.map(docs, docs.n)[i]"),
    *("docs.map(d, docs.map(e, d.n + e.n).size())", "[docs[0], docs[i]]", "{'a': docs[0].tags}", "{key: answer[key]}"),
    *("answer.deep.x.y + i", "answer.deep", "answer.?deep.?x.?y.orValue(0)", "answer.?deep.?z.?y.orValue(0)"),
    *("answer.text.?x.orValue(1)", "none.?x.orValue(1)", "docs[?99].orValue({})", "docs[?1].orValue({}) == docs[1]"),
    *("answer.?stop.optMap(s, s + key).orValue('')", "[?answer.?absent, i]", "'stop' in answer", "i in [1, 2, 3]"),
    *("answer.price * f", "f / 0.0 > 1.0", "i / 0", "string(i) + key", "type(docs) == list", "-i", "!yes", "i - 5 < 0"),
    *("key.matches('^s')", "key.upper() + answer.stop.replace('e', 'E')", "timestamp('2026-01-01T00:00:00Z')"),
    *("1.5 + f", "18446744073709551615u", "b'ab'", "'\\u00e9' + key", "{'a': {'b': [1, {'c': docs[1].n}]}}.a.b[1].c"),
]


def evaluate_whole(source: str) -> Any:
    """Return what CEL gives over whole variables; an error for one that it reports."""
    try:
        result = build_environment(VARIABLES).compile(source).eval(data=VARIABLES)
    except RuntimeError as error:
        return error
    return RuntimeError() if result.type() == cel.Type.ERROR else result.plain_value()


def write(value: Any) -> str:
    """Return a text that is the same for equal values of equal types; the order of CEL's maps is that of chance."""
    return json.dumps(value, sort_keys=True)


@pytest.mark.parametrize("source", SOURCES)
def test_an_expression_gives_what_it_would_over_whole_variables(source: str) -> None:
    expected = evaluate_whole(source)
    try:
        given = evaluate(source, VARIABLES)
    except ExpressionError as error:
        assert isinstance(expected, Exception) or error.code == "not_json"
        assert "@" not in error.message
    else:
        assert write(given) == write(build_json_value(expected))


@pytest.mark.parametrize("source", SOURCES)
def test_the_process_gives_what_an_evaluation_at_once_gives(source: str) -> None:
    program = compile_expression(source, VARIABLES)
    if not isinstance(program, Program) or program.is_large(VARIABLES):
        return
    try:
        expected = program.evaluate(VARIABLES)
    except ExpressionError as error:
        with pytest.raises(ExpressionError) as failed:
            evaluate_large(program, VARIABLES)
        assert (failed.value.code, failed.value.message) == (error.code, error.message)
    else:
        assert write(evaluate_large(program, VARIABLES)) == write(expected)


@pytest.mark.parametrize(
    "source", ["docs[i].text + '!'", "i < size(docs)", "has(docs[i].n)", "docs[i].?text.orValue('')"]
)
def test_a_loop_over_a_list_converts_as_much_as_the_list_is_long(source: str) -> None:
    def count_weight(length: int) -> int:
        docs = [{"text": "a document", "n": 1} for _ in range(length)]
        program = compile_expression(source, ["docs", "i"])
        assert isinstance(program, Program)
        data = [value for i in range(length) for value in program.look_up({"docs": docs, "i": i})[0].values()]
        return weigh(data, 1_000_000_000)

    assert count_weight(400) < 2.1 * count_weight(200)
