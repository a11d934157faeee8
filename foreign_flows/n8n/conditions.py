"""Translates the conditions of If, Switch and Filter."""

from collections.abc import Callable
from typing import Any

from foreign_flows.conditions import build_comparison, join_comparisons
from foreign_flows.reading import find_value, read_list, read_object, read_objects, read_text

Translate = Callable[[str], str]


def read_condition(conditions: Any, translate: Translate, combine: str = "") -> str | None:
    """Return the expression of a group of conditions, as current and as old versions write them; None if unknown."""
    if read_list(conditions, "conditions"):
        is_any = read_text(conditions, "combinator") == "or"
        rows = [_read_row(row, translate) for row in read_objects(conditions, "conditions")]
        return join_comparisons(rows, is_any=is_any)
    rows = [
        _read_old_row(row, type, translate)
        for type in ("string", "number", "boolean", "dateTime")
        for row in read_objects(conditions, type)
    ]
    return join_comparisons(rows, is_any=combine == "any")


def _read_row(row: dict[str, Any], translate: Translate) -> str | None:
    operator = read_object(row, "operator")
    left, right = _write(row.get("leftValue"), translate), _write(row.get("rightValue"), translate)
    operation, type = read_text(operator, "operation"), read_text(operator, "type")
    if type == "boolean" and operation in ("equals", "notEquals"):
        return build_comparison(left, "true" if (operation == "equals") == (right == "true") else "false", "")
    if type in ("dateTime", "array", "object") and operation not in ("exists", "notExists", "empty", "notEmpty"):
        return None
    return build_comparison(left, operation, right, are_numbers=type == "number")


def _read_old_row(row: dict[str, Any], type: str, translate: Translate) -> str | None:
    left, right = _write(row.get("value1"), translate), _write(row.get("value2"), translate)
    default = "smaller" if type == "number" else "equal"
    operation = read_text(row, "operation") or default
    if type == "boolean":
        return build_comparison(left, "true" if (operation == "equal") == (right == "true") else "false", "")
    return None if type == "dateTime" else build_comparison(left, operation, right, are_numbers=type == "number")


def _write(value: Any, translate: Translate) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return translate(read_text({"value": value}, "value"))


def list_rules(parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rules of a Switch: `rules.values`, or `rules.rules` of old versions."""
    return read_objects(parameters, "rules", "values") or read_objects(parameters, "rules", "rules")


def read_rule(rule: dict[str, Any], parameters: dict[str, Any], translate: Translate) -> str | None:
    """Return the expression of one rule of a Switch."""
    if find_value(rule, "conditions") is not None:
        return read_condition(rule["conditions"], translate)
    type = read_text(parameters, "dataType") or "number"
    return _read_old_row({**rule, "value1": parameters.get("value1")}, type, translate)
