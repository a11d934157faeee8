"""What a check costs is counted, grows as the value does, and ends at its limits, without holding up the event loop."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from actions.contract.errors import ActionError
from actions.json_schema import budget, check
from actions.json_schema.budget import MAX_DEPTH, MAX_STEPS, Budget, OverBudget
from actions.json_schema.check import QUICK_STEPS, check_value
from actions.json_schema.compile import compile_schema

TREE = {"$ref": "#/$defs/t", "$defs": {"t": {"properties": {"n": {"$ref": "#/$defs/t"}}}}}
ALTERNATIVES = {"anyOf": [{"type": "null"}, {"type": "array", "minItems": 1}, {"type": "object", "required": ["a"]}]}

GROWING: dict[str, tuple[dict[str, Any], Callable[[int], Any]]] = {
    "unique objects": ({"uniqueItems": True}, lambda n: [{"a": number} for number in range(n)]),
    "unique lists": ({"uniqueItems": True}, lambda n: [[number, 1.5] for number in range(n)]),
    "unique texts": ({"uniqueItems": True}, lambda n: [f"{number}" * 20 for number in range(n)]),
    "a pattern that others go back in": ({"pattern": "^(a+)+$"}, lambda n: "a" * (100 * n) + "!"),
    "alternatives in a pattern": ({"pattern": "^(a|a)*(a|b)*c$"}, lambda n: "ab" * (50 * n)),
    "patterns of names": (
        {"patternProperties": {"^(x+)+y": {}}, "additionalProperties": True},
        lambda n: {f"x{number}": 1 for number in range(n)},
    ),
    "one of a list": ({"items": {"enum": [[n, {"a": n}] for n in range(200)]}}, lambda n: [[7, {"a": 7}]] * n),
    "alternatives": ({"items": ALTERNATIVES}, lambda n: [{"a": 1}] * n),
    "one that is contained": (
        {"contains": {"const": {"a": [1]}}, "maxContains": 9},
        lambda n: [{"a": [2]}] * n + [{"a": [1]}],
    ),
    "multiples": ({"items": {"multipleOf": 0.01}}, lambda n: [1.25] * n),
    "a deep value": (TREE, lambda n: nest(n // 50)),
    "dependent names": (
        {"items": {"dependentRequired": {f"k{n}": ["a"] for n in range(50)}}},
        lambda n: [{"k1": 1, "a": 1}] * n,
    ),
}


def nest(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels):
        value = {"n": value}
    return value


class CountingBudget(Budget):
    """A budget that tells what was spent."""

    def __init__(self) -> None:
        super().__init__(10**12)
        self.spent = 0

    def spend(self, steps: int) -> None:
        self.spent += steps


def count_steps(schema: dict[str, Any], value: Any) -> int:
    budget = CountingBudget()
    compile_schema(schema).find_misfit(value, budget)
    return budget.spent


@pytest.mark.parametrize(("schema", "build"), GROWING.values(), ids=GROWING)
def test_twice_the_value_costs_at_most_twice_the_steps(schema: dict[str, Any], build: Callable[[int], Any]) -> None:
    once, twice, often = (count_steps(schema, build(n)) for n in (500, 1000, 4000))
    assert twice <= 2.1 * once
    assert often <= 4.2 * twice


def build_doubling(depth: int) -> tuple[dict[str, Any], Any]:
    """Return a schema that looks twice at what is in each object, and a value of this depth."""
    both = {"allOf": [{"$ref": "#/$defs/t"}, {"$ref": "#/$defs/t"}]}
    return {"$ref": "#/$defs/t", "$defs": {"t": {"properties": {"n": both}}}}, nest(depth)


def build_alternatives(count: int) -> dict[str, Any]:
    return {"items": {"anyOf": [{"const": n} for n in range(count)]}}


OVER: dict[str, tuple[dict[str, Any], Any, str]] = {
    "looking twice at each level": (*build_doubling(30), "steps"),
    "many alternatives for many items": (build_alternatives(500), [499] * 10_000, "steps"),
    "a long text for a large pattern": ({"pattern": "(x?){900}y"}, "x" * 2_000_000, "steps"),
    "schemas within schemas": (
        {"$ref": "#/$defs/d0", "$defs": {f"d{n}": {"$ref": f"#/$defs/d{n + 1}"} for n in range(300)} | {"d300": {}}},
        1,
        "depth",
    ),
}


@pytest.mark.parametrize(("schema", "value", "limit"), OVER.values(), ids=OVER)
async def test_a_check_ends_at_its_limit(
    schema: dict[str, Any], value: Any, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "TIME_LIMIT_S", 600.0)  # on a slow machine the time would be over first
    with pytest.raises(OverBudget) as over:
        await check_value(compile_schema(schema), value)
    assert over.value.limit == limit
    assert f"{MAX_STEPS if limit == 'steps' else MAX_DEPTH:,}" in str(over.value)


async def test_a_check_ends_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "TIME_LIMIT_S", 0.0)
    with pytest.raises(OverBudget, match="5 seconds"):
        await check_value(compile_schema({"uniqueItems": True}), list(range(10_000)))


async def test_the_time_in_which_a_check_does_not_compute_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "TIME_LIMIT_S", 1.0)
    monkeypatch.setattr(budget, "PAUSE_S", 0.1)
    assert await check_value(compile_schema({"uniqueItems": True}), list(range(10_000))) is None


async def test_a_small_check_is_made_at_once_and_a_large_one_in_a_thread_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    threads: list[str] = []
    spend = Budget.spend

    def note_thread(budget: Budget, steps: int) -> None:
        threads.append(threading.current_thread().name)
        spend(budget, steps)

    monkeypatch.setattr(Budget, "spend", note_thread)
    numbers = compile_schema({"items": {"type": "number"}})
    assert await check_value(numbers, [1] * 100) is None
    assert set(threads) == {threading.current_thread().name}
    assert await check_value(numbers, [1] * QUICK_STEPS) is None
    assert {name.partition("_")[0] for name in threads} == {threading.current_thread().name, "schema"}


async def test_the_loop_turns_while_a_large_value_is_checked() -> None:
    numbers = compile_schema({"items": {"type": "number"}})
    task = asyncio.create_task(check_value(numbers, [1] * 300_000))
    turns = 0
    while not task.done():
        await asyncio.sleep(0)
        turns += 1
    assert (await task, turns > 10) == (None, True)


async def test_too_many_large_checks_at_once_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    may_end, spend = threading.Event(), Budget.spend

    def hold_thread(budget: Budget, steps: int) -> None:
        if threading.current_thread() is not threading.main_thread():
            may_end.wait(30)
        spend(budget, steps)

    monkeypatch.setattr(Budget, "spend", hold_thread)
    numbers, large = compile_schema({"items": {"type": "number"}}), [1] * 20_000
    checks = [asyncio.create_task(check_value(numbers, large)) for _ in range(25)]
    refused = await asyncio.gather(*checks[20:], return_exceptions=True)
    assert {(error.code, error.kind, error.retry_after_s) for error in refused if isinstance(error, ActionError)} == {
        ("busy", "unavailable", 1)
    }
    assert [check.done() for check in checks] == [False] * 20 + [True] * 5
    may_end.set()
    assert await asyncio.gather(*checks[:20]) == [None] * 20
    assert await check_value(numbers, large) is None
