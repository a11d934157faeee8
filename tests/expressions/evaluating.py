"""Evaluates an expression as a run does: at once, or, where that may cost too much, by the process that evaluates."""

from collections.abc import Mapping
from typing import Any

from expressions.errors import ExpressionError, LargeEvaluation
from expressions.evaluator.evaluate import evaluate_and_wait
from expressions.program import Program, compile_expression


def evaluate(source: str, variables: Mapping[str, Any]) -> Any:
    compiled = compile_expression(source, variables)
    try:
        return compiled.evaluate(variables)
    except LargeEvaluation:
        assert isinstance(compiled, Program)
        return evaluate_large(compiled, variables)


def evaluate_large(program: Program, variables: Mapping[str, Any]) -> Any:
    """Have the process evaluate it, however little it costs."""
    data, absent = program.look_up(variables)
    try:
        return evaluate_and_wait(program, data)
    except ExpressionError as error:
        raise program.explain(error, absent) from None
