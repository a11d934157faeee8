"""What each keyword of assertion checks. Pure."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from actions.json_schema.budget import Budget
from actions.json_schema.canonical_text import build_canonical_text, build_short_text
from actions.json_schema.formats import has_format
from actions.json_schema.misfit import Misfit
from actions.json_schema.node import Check
from actions.json_schema.patterns import Pattern

STEPS_OF_A_DIVISION, STEPS_OF_A_FORMAT = 10, 8

TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def build_type(expected: str | list[str]) -> Check:
    names = [expected] if isinstance(expected, str) else expected
    takes_truth, takes_whole = "boolean" in names, "integer" in names
    allowed = tuple(type for name in names for type in TYPES[name])
    misfit = Misfit("type", expected)

    def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
        if isinstance(value, bool):  # for Python, truth is a whole number
            return None if takes_truth else misfit
        if isinstance(value, allowed) or (takes_whole and isinstance(value, float) and value.is_integer()):
            return None
        return misfit

    return check


def build_enum(expected: list[Any]) -> Check:
    return _build_choice("enum", expected)


def build_const(expected: Any) -> Check:
    return _build_choice("const", [expected])


def _build_choice(keyword: str, choices: list[Any]) -> Check:
    allowed = {build_canonical_text(choice, Budget()) for choice in choices}
    structures = {type(choice) for choice in choices if isinstance(choice, dict | list)}
    longest = max(map(len, allowed), default=0)
    misfit = Misfit(keyword, None)

    def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
        if isinstance(value, dict | list):
            can_fit = type(value) in structures
        else:
            can_fit = not isinstance(value, str) or len(value) <= longest
        return None if can_fit and build_canonical_text(value, budget) in allowed else misfit

    return check


def build_unique_items(expected: bool) -> Check:
    def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
        seen = set()
        for item in value if expected else ():
            text = build_short_text(item, budget)
            if text in seen:
                return Misfit("uniqueItems", expected)
            seen.add(text)
        return None

    return check


def build_multiple_of(expected: float) -> Check:
    factor, misfit = _read_exactly(expected), Misfit("multipleOf", expected)

    def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
        budget.spend(STEPS_OF_A_DIVISION)
        return None if (_read_exactly(value) / factor).denominator == 1 else misfit

    return check


def _read_exactly(number: float) -> Fraction:
    """Return the number that is written, where the float nearest to it is another one: 0.3 is a multiple of 0.1."""
    return Fraction(number if isinstance(number, int) else repr(number))


def build_pattern(pattern: Pattern, expected: str) -> Check:
    misfit = Misfit("pattern", expected)

    def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
        return None if pattern.is_in(value, budget) else misfit

    return check


def build_format(expected: str) -> Check:
    misfit = Misfit("format", expected)

    def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
        budget.spend(STEPS_OF_A_FORMAT)
        return None if has_format(value, expected) else misfit

    return check


def build_required(expected: list[str]) -> Check:
    return build_dependent_required({None: expected})


def build_dependent_required(expected: Mapping[str | None, Sequence[str]]) -> Check:
    """Build the check of the names that an object must have when it has another one; None stands for always."""

    def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
        for name, needed in expected.items():
            budget.spend(1 + len(needed) // 10)
            if name is None or name in value:
                missing = [each for each in needed if each not in value]
                if missing:
                    return Misfit("required", missing)
        return None

    return check


def build_limit(
    keyword: str, measure: Callable[[Any], float], is_within: Callable[[float, float], bool]
) -> Callable[[float], Check]:
    """Return what builds the check of a limit: `measure` of the value must stand in a relation to it."""

    def build(expected: float) -> Check:
        misfit = Misfit(keyword, expected)

        def check(value: Any, budget: Budget, depth: int) -> Misfit | None:
            return None if is_within(measure(value), expected) else misfit

        return check

    return build
