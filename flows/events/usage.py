"""What a run that was lost has cost, read from its log. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from flows.events.events import Usage, add_usage


def sum_usage(events: Iterable[Mapping[str, Any]]) -> Usage | None:
    """Return what the events of a run that was lost say of its cost; None when they say nothing.

    Of an answer that had begun and has no `usage` event, the counts of its beginning are what is known.
    """
    total: Usage | None = None
    open_answers: dict[tuple[Any, Any], Mapping[str, Any]] = {}
    for event in events:
        key = (event["node"], event.get("message_id"))
        if event["type"] == "answer.started":
            open_answers[key] = event
        elif event["type"] == "usage":
            open_answers.pop(key, None)
            total = add_usage(total, event)
    for event in open_answers.values():
        total = add_usage(total, event)
    return total
