"""Comparisons of other tools, as expressions."""

from collections.abc import Callable, Sequence

from foreign_flows.texts import build_expression

_Build = Callable[[str, str], str]

_COMPARISONS: dict[str, _Build] = {
    "equals": lambda left, right: f"{left} == {right}",
    "notEquals": lambda left, right: f"{left} != {right}",
    "contains": lambda left, right: f"{left}.contains({right})",
    "notContains": lambda left, right: f"!{left}.contains({right})",
    "startsWith": lambda left, right: f"{left}.startsWith({right})",
    "notStartsWith": lambda left, right: f"!{left}.startsWith({right})",
    "endsWith": lambda left, right: f"{left}.endsWith({right})",
    "notEndsWith": lambda left, right: f"!{left}.endsWith({right})",
    "matches": lambda left, right: f"{left}.matches({right})",
    "notMatches": lambda left, right: f"!{left}.matches({right})",
    "isEmpty": lambda left, right: f"size({left}) == 0",
    "isNotEmpty": lambda left, right: f"size({left}) != 0",
    "exists": lambda left, right: f"{left} != null",
    "notExists": lambda left, right: f"{left} == null",
    "isTrue": lambda left, right: f"{left} == true",
    "isFalse": lambda left, right: f"{left} == false",
    "greater": lambda left, right: f"double({left}) > double({right})",
    "greaterOrEqual": lambda left, right: f"double({left}) >= double({right})",
    "less": lambda left, right: f"double({left}) < double({right})",
    "lessOrEqual": lambda left, right: f"double({left}) <= double({right})",
    "equalNumbers": lambda left, right: f"double({left}) == double({right})",
    "notEqualNumbers": lambda left, right: f"double({left}) != double({right})",
}

_WORDS: dict[str, str] = {
    **dict.fromkeys(("equals", "equal", "is", "=", "==", "===", "dateEquals"), "equals"),
    **dict.fromkeys(("notEquals", "notEqual", "not equals", "is not", "≠", "!=", "not equal"), "notEquals"),
    **dict.fromkeys(("contains", "in"), "contains"),
    **dict.fromkeys(("notContains", "not contains", "notcontains", "not in"), "notContains"),
    **dict.fromkeys(("startsWith", "starts with", "start with"), "startsWith"),
    **dict.fromkeys(("endsWith", "ends with", "end with"), "endsWith"),
    **dict.fromkeys(("regex", "regexMatch", "matches regex"), "matches"),
    **dict.fromkeys(("isEmpty", "empty", "null"), "isEmpty"),
    **dict.fromkeys(("isNotEmpty", "notEmpty", "not empty", "not null"), "isNotEmpty"),
    **dict.fromkeys(("gt", "larger", ">", "greater than"), "greater"),
    **dict.fromkeys(("gte", "largerEqual", "≥", ">=", "greater than or equal"), "greaterOrEqual"),
    **dict.fromkeys(("lt", "smaller", "<", "less than"), "less"),
    **dict.fromkeys(("lte", "smallerEqual", "≤", "<=", "less than or equal"), "lessOrEqual"),
    "notStartsWith": "notStartsWith",
    "notEndsWith": "notEndsWith",
    "notRegex": "notMatches",
    "exists": "exists",
    "notExists": "notExists",
    "not exists": "notExists",
    "true": "isTrue",
    "false": "isFalse",
}
"""By the words of the tools, the comparison that they mean."""


def build_comparison(left: str, operation: str, right: str, *, are_numbers: bool = False) -> str | None:
    """Return the comparison of two texts, each with `{{ … }}` in it or not; None when it has no counterpart."""
    name = _WORDS.get(operation)
    if name is None:
        return None
    if are_numbers and name in ("equals", "notEquals"):
        name = "equalNumbers" if name == "equals" else "notEqualNumbers"
    return _COMPARISONS[name](_bracket(build_expression(left)), build_expression(right))


def _bracket(expression: str) -> str:
    """Return the expression so that a method can be called on it."""
    return f"({expression})" if any(char in expression for char in " +?") and expression[0] != '"' else expression


def join_comparisons(comparisons: Sequence[str | None], *, is_any: bool) -> str | None:
    """Return the condition that all of them, or any of them, is true; None when one is unknown or there is none."""
    known = [comparison for comparison in comparisons if comparison is not None]
    if not known or len(known) < len(comparisons):
        return None
    return known[0] if len(known) == 1 else (" || " if is_any else " && ").join(f"({each})" for each in known)
