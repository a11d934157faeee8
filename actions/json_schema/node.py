"""A schema that was compiled, in the form in which values are checked. Pure."""

from collections.abc import Callable
from typing import Any

from actions.json_schema.budget import MAX_DEPTH, Budget, OverBudget
from actions.json_schema.misfit import Misfit

Check = Callable[[Any, Budget, int], Misfit | None]
"""Judges a value, within a budget and at a depth. Raises OverBudget."""

ANY = (dict, list, str, int, float, bool, type(None))
NUMBERS = (int, float)


class Node:
    """One schema of a document: the whole, or one within it."""

    __slots__ = ("_checks_by_type",)

    def __init__(self) -> None:
        self._checks_by_type: dict[type, list[Check]] = {type: [] for type in ANY}

    def add(self, check: Check, types: tuple[type, ...]) -> None:
        """Add what is checked of values of these types, after what was added before."""
        for type in types:
            self._checks_by_type[type].append(check)

    def find_misfit(self, value: Any, budget: Budget, depth: int = 0) -> Misfit | None:
        """Return where the value does not fit, or None. Raises OverBudget."""
        if depth > MAX_DEPTH:
            raise OverBudget("depth")
        checks = self._checks_by_type.get(type(value)) or self._find_checks(value)
        budget.spend(1 + len(checks))
        for check in checks:
            if misfit := check(value, budget, depth):
                return misfit
        return None

    def _find_checks(self, value: Any) -> list[Check]:
        """Return the checks of a value whose class is one of Millrace's own, such as the records of actions."""
        return next((checks for type, checks in self._checks_by_type.items() if isinstance(value, type)), [])

    def find_misfit_below(self, value: Any, budget: Budget, depth: int) -> Misfit | None:
        """Return what `find_misfit` does one level deeper: this node as a check of another one."""
        return self.find_misfit(value, budget, depth + 1)
