"""How a long history is cut: at a user's turn, a tool's call together with its result."""

from typing import Any

import pytest

from actions.chat.history_truncation_reducer import HistoryTruncationReducer
from actions.chat.reducer import HistoryReducer
from actions.contract.action import ActionContext

U: dict[str, Any] = {"role": "user", "content": "?"}
A: dict[str, Any] = {"role": "assistant", "content": "!"}
CALL: dict[str, Any] = {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "n", "input": {}}]}
FOUND: dict[str, Any] = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": "x"}]}
LOOK: dict[str, Any] = {"role": "user", "content": [{"type": "text", "text": "?"}]}


def reducer(target: int, threshold: int) -> HistoryReducer:
    action = HistoryTruncationReducer()
    properties = action.Properties.model_validate({"target_count": target, "threshold_count": threshold})
    return action.provide(properties, ActionContext("run", "node", {}))  # type: ignore[arg-type]  # a checked base


CUT: dict[str, tuple[int, int, list[Any], list[Any]]] = {
    "nothing": (2, 4, [], []),
    "up to the threshold": (2, 4, [U, A, U, A], [U, A, U, A]),
    "beyond it": (2, 4, [U, A, U, A, U, A], [U, A]),
    "an answer never comes first": (3, 4, [U, A, U, A, U, A], [U, A]),
    "a result stays with its call": (4, 4, [U, A, U, CALL, FOUND, A, U, A], [U, A]),
    "a call with its result": (5, 5, [U, A, LOOK, CALL, FOUND, A], [LOOK, CALL, FOUND, A]),
    "no turn to begin with": (2, 3, [U, CALL, FOUND, A], []),
    "a threshold below the target": (4, 1, [U, A, U, A], [U, A, U, A]),
    "two users in a row": (2, 2, [U, U, U], [U, U]),
}


@pytest.mark.parametrize(("target", "threshold", "turns", "kept"), CUT.values(), ids=CUT.keys())
def test_a_history_is_cut_where_it_can_begin(target: int, threshold: int, turns: list[Any], kept: list[Any]) -> None:
    assert reducer(target, threshold).reduce(turns) == kept


def test_a_threshold_below_the_target_is_told() -> None:
    problems = HistoryTruncationReducer.check({"target_count": 9, "threshold_count": 8})
    assert [(problem.property, problem.severity) for problem in problems] == [("threshold_count", "warning")]
