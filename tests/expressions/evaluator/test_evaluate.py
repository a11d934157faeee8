"""The process that evaluates: its limits, and that the server survives whatever becomes of it."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from expressions.errors import ExpressionError
from expressions.evaluator import evaluate as evaluate_module
from expressions.evaluator import evaluating_process
from expressions.evaluator.evaluate import MAX_INPUT_MB, evaluate_apart
from expressions.evaluator.evaluating_process import EvaluatingProcess, ProcessEnded
from expressions.evaluator.frames import MAX_MEMORY_MB, MEGABYTE, build_frame
from expressions.program import Program, compile_expression


async def evaluate(source: str, **variables: Any) -> Any:
    program = compile_expression(source, variables)
    assert isinstance(program, Program)
    return await evaluate_apart(program, variables)


async def refuse(source: str, **variables: Any) -> str:
    with pytest.raises(ExpressionError) as refused:
        await evaluate(source, **variables)
    assert await evaluate("items.map(i, i + 1).size()", items=[1] * 1_000) == 1_000  # nothing of it is left behind
    return refused.value.code


def build_request(source: str) -> bytes:
    program = compile_expression(source, [])
    assert isinstance(program, Program)
    return build_frame({"source": source, "checked": program.checked.hex(), "data": {}})


@pytest.fixture
def process() -> Iterator[EvaluatingProcess]:
    process = EvaluatingProcess()
    yield process
    process.stop()


def get_pid(process: EvaluatingProcess) -> int:
    assert process._process
    return process._process.pid


async def test_a_large_text_is_searched() -> None:
    assert await evaluate("text.contains('b')", text="a" * 5_000_000) is False


async def test_a_list_of_ten_thousand_is_searched() -> None:
    assert await evaluate("items.exists(i, i == 'item 9000')", items=[f"item {n}" for n in range(9_999)]) is True


async def test_what_needs_more_memory_than_may_be_is_refused() -> None:
    assert await refuse("items.map(i, text)", items=list(range(300)), text="a" * 500_000) == "expression_too_large"


async def test_a_result_that_is_larger_than_may_be_is_refused() -> None:
    assert await refuse("[text, text, text]", text="a" * 3_000_000) == "value_too_large"


async def test_values_that_are_larger_than_may_be_are_refused() -> None:
    assert await refuse("text.contains('b')", text="a" * (MAX_INPUT_MB * MEGABYTE + 1)) == "value_too_large"


async def test_what_takes_longer_than_may_be_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await evaluate("1 + 1") == 2
    with monkeypatch.context() as patch:
        patch.setattr(evaluating_process, "TIME_LIMIT_S", 0.1)
        # A process that is stopped is slow for certain: how long it takes does not depend on the machine.
        os.kill(get_pid(evaluate_module._process), signal.SIGSTOP)
        with pytest.raises(ExpressionError) as refused:
            await evaluate("items.map(i, i + 1)", items=[0] * 1_000)
    assert refused.value.code == "expression_too_slow"
    assert await evaluate("2 + 2") == 4


async def test_an_expression_that_is_nested_too_deeply_to_be_sent_is_read_there() -> None:
    source = "text + 'b'"
    expected: Any = "ab"
    for level in range(17):
        source, expected = f"['c'].map(x{level}, {source})", [expected]
    program = compile_expression(source, ["text"])
    assert isinstance(program, Program)
    assert (program.checked, program.is_large({"text": "a"})) == (b"", True)
    assert await evaluate(source, text="a") == expected


async def test_one_whose_caller_has_left_does_not_disturb_the_next() -> None:
    task = asyncio.create_task(evaluate("items.exists(i, i == 1)", items=[0] * 9_000))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await evaluate("'a' + text", text="b") == "ab"


def test_the_next_process_answers_when_one_was_killed(process: EvaluatingProcess) -> None:
    assert process.ask(build_request("1 + 1")) == {"value": 2}
    first = get_pid(process)
    os.kill(first, signal.SIGKILL)
    try:
        assert process.ask(build_request("1 + 2")) == {"value": 3}
    except ProcessEnded:  # it was asked before it had ended
        assert process.ask(build_request("1 + 2")) == {"value": 3}
    assert get_pid(process) != first


def test_the_process_has_a_limit_of_memory_and_no_variables(process: EvaluatingProcess) -> None:
    process.ask(build_request("1 + 1"))
    folder = Path(f"/proc/{get_pid(process)}")
    assert (folder / "environ").read_bytes() == b""
    limits = (folder / "limits").read_text().splitlines()
    limit = int(next(line for line in limits if line.startswith("Max address space")).split()[3])
    assert limit < 200 * 1024 * 1024
    assert limit > MAX_MEMORY_MB * MEGABYTE


def test_the_process_ends_with_its_input(process: EvaluatingProcess) -> None:
    process.ask(build_request("1 + 1"))
    assert process._process
    assert process._process.stdin
    process._process.stdin.close()
    assert process._process.wait(30) == 0
