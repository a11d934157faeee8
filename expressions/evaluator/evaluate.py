"""Has large expressions evaluated by the process that evaluates, without holding up the event loop."""

from collections.abc import Mapping
from typing import Any

from actions.contract.fair_thread import FairThread
from expressions.errors import ExpressionError
from expressions.evaluator.evaluating_process import TIME_LIMIT_S, EvaluatingProcess, ProcessEnded
from expressions.evaluator.frames import MAX_MEMORY_MB, MEGABYTE, OUT_OF_MEMORY, build_frame
from expressions.program import Program
from expressions.weight import weigh

MAX_INPUT_MB = 8
"""Of the values that an expression names: a character counts as one byte, each value as 16 more."""
HINT = "Name less, such as one field of each item, or choose what you need before."

# One for the server, because it bounds what all evaluations together take from other work. A live run waits for one at
# a time, so the limits of live runs are those of its queue.
_process = EvaluatingProcess()
_thread = FairThread("expressions")


async def evaluate_apart(program: Program, variables: Mapping[str, Any]) -> Any:
    """Return what the expression gives; raises ExpressionError, also when it takes too much time or memory.

    Workspaces take turns. When the caller is cancelled, an evaluation that has begun goes on until its limit.
    """
    data, absent = program.look_up(variables)
    try:
        return await _thread.call(lambda: evaluate_and_wait(program, data))
    except ExpressionError as error:
        raise program.explain(error, absent) from None


def evaluate_and_wait(program: Program, data: Mapping[str, Any]) -> Any:
    """Do as `evaluate_apart` does over the values that the expression names. For the one thread that does so."""
    source = program.source
    if weigh(list(data.values()), MAX_INPUT_MB * MEGABYTE) > MAX_INPUT_MB * MEGABYTE:
        raise ExpressionError("value_too_large", f"{source!r} names values of more than {MAX_INPUT_MB} MB.", HINT)
    request = build_frame({"source": source, "checked": program.checked.hex(), "data": data})
    try:
        answer = _process.ask(request)
    except TimeoutError:
        message = f"{source!r} takes more than {TIME_LIMIT_S:g} s."
        raise ExpressionError("expression_too_slow", message, HINT) from None
    except ProcessEnded:
        answer = {"code": OUT_OF_MEMORY}
    if answer.get("code") == OUT_OF_MEMORY:
        message = f"{source!r} needs more than {MAX_MEMORY_MB} MB of memory."
        raise ExpressionError("expression_too_large", message, HINT)
    if "code" in answer:
        raise ExpressionError(answer["code"], answer["message"], answer["hint"])
    return answer["value"]
