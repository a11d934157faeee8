"""Shorten a history by dropping its oldest messages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from actions.chat.reducer import HistoryReducer, Turn, take_newest
from actions.contract.action import Action, ActionContext, Role
from actions.contract.errors import Problem
from actions.contract.properties import ActionProperties, prop


class HistoryTruncationReducerProperties(ActionProperties):
    target_count: int = prop(
        "How many messages are kept, at most, when the history is cut.", default=20, ge=1, le=1000, unit="messages"
    )
    threshold_count: int = prop(
        "The history is cut when it has more messages than this. Until then all of it is sent.",
        default=40,
        ge=1,
        le=1000,
        unit="messages",
    )


@dataclass(frozen=True, slots=True)
class Truncation(HistoryReducer):
    """Cuts to the newest `target_count` once there are more than `threshold_count`."""

    target_count: int
    threshold_count: int

    def reduce(self, turns: Sequence[Turn]) -> list[Turn]:
        if len(turns) <= max(self.threshold_count, self.target_count):
            return list(turns)
        return take_newest(turns, self.target_count)


class HistoryTruncationReducer(Action[HistoryTruncationReducerProperties]):
    """Send only the newest messages of a long history."""

    type = "chat.history_truncation_reducer"
    family = "chat"
    role: ClassVar[Role] = "helper"
    branches = ()
    helps = HistoryReducer
    width = 224

    def provide(self, properties: HistoryTruncationReducerProperties, context: ActionContext) -> HistoryReducer:
        return Truncation(properties.target_count, properties.threshold_count)

    @classmethod
    def check(cls, known: Mapping[str, Any]) -> Iterator[Problem]:
        target, threshold = known.get("target_count"), known.get("threshold_count")
        if isinstance(target, int) and isinstance(threshold, int) and threshold < target:
            message = "The threshold is below the target, so the target serves as both."
            yield Problem("threshold_below_target", message, "threshold_count", "Raise it.", "warning")
