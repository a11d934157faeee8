"""What the node of Dify becomes that changes variables of the conversation."""

from typing import Any

from foreign_flows.dify.context import Context
from foreign_flows.draft import Card, Step
from foreign_flows.names import make_variable_name
from foreign_flows.reading import read_list, read_object, read_objects, read_text
from foreign_flows.texts import embed, quote

MAX_ASSIGNMENTS = 20
_CHANGES = {
    "append": "{target} + [{value}]",
    "extend": "{target} + {value}",
    "+=": "{target} + {value}",
    "-=": "{target} - {value}",
    "*=": "{target} * {value}",
}
"""By the operation, the expression for the new value."""
_REPLACES = ("", "over-write", "set")


def map_assigner(step: Step, context: Context) -> None:
    """Values of a conversation are variables of the run here."""
    data = read_object(step.original, "data")
    rows = read_objects(data, "items") or [data]
    for row in rows[:MAX_ASSIGNMENTS]:
        target, value = _read_target(row, context), _read_value(step, row, context)
        if target:
            value = _combine(target, read_text(row, "operation"), value)
        if not target or value is None:
            step.cards, step.outcome, step.note = [], "left", "It changes a value in a way that has no counterpart."
            return
        step.cards.append(Card("data.set_variable", {"title": step.title, "name": target, "value": value}))
    step.change("It sets a variable of the run, which ends with the run.")


def _read_target(row: dict[str, Any], context: Context) -> str:
    named = read_list(row, "variable_selector") or read_list(row, "assigned_variable_selector")
    keys = [str(key) for key in named]
    if keys[:1] == ["conversation"]:
        return context.references.conversation.get(keys[-1], "")
    return make_variable_name(keys[-1], "value") if keys else ""


def _combine(target: str, operation: str, value: Any) -> Any:
    """Return the new value of the target: a text, or an expression that changes what it has."""
    if value is None or operation in _REPLACES:
        return value if not isinstance(value, dict) else embed(value["expression"])
    change = _CHANGES.get(operation)
    if change is None:
        return None
    written = value["expression"] if isinstance(value, dict) else value
    written = written if isinstance(value, dict) or _is_number(written) else quote(str(written))
    return {"expression": change.format(target=target, value=written)}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _read_value(step: Step, row: dict[str, Any], context: Context) -> Any:
    """Return the value that is typed in, or `{"expression": …}` for one that is selected; None when there is none."""
    if read_text(row, "input_type") == "constant" or read_text(row, "operation") == "set":
        value = row.get("value")
        return value if _is_number(value) else read_text(row, "value") or None
    selector = row.get("value") if "operation" in row else row.get("input_variable_selector")
    found = context.references.select(step, selector)
    return {"expression": found} if found else None
