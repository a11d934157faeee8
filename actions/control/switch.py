"""Take the path whose text a value is."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from actions.contract.action import MAX_CASES, NEXT, Action, ActionContext, Branch
from actions.contract.errors import Problem
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import LITERAL, TEXT_MODES
from actions.contract.records import render
from actions.contract.steps import RunBranch, Step

Case = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class SwitchProperties(ActionProperties):
    value: Any = prop(
        "The value to look at. A number or a record is compared as the text it renders as.", modes=TEXT_MODES
    )
    cases: Annotated[list[Case], Field(min_length=1, max_length=MAX_CASES)] = prop(
        "The texts to look for. Each has a path of its own.", modes=LITERAL, port=False, verbatim=True
    )


class Switch(Action[SwitchProperties]):
    """Run the path of the case that a value equals, or Default."""

    type = "control.switch"
    family = "control"
    branches = (Branch("default", "Default"), NEXT)
    cases = "cases"
    width = 196

    def make_step(self, properties: SwitchProperties, context: ActionContext) -> Step:
        text = render(properties.value)
        case_number = properties.cases.index(text) + 1 if text in properties.cases else None
        return RunBranch(f"case_{case_number}" if case_number else "default")

    @classmethod
    def check(cls, known: Mapping[str, Any]) -> Iterable[Problem]:
        cases = known.get("cases") or []
        for text in sorted({text for text in cases if cases.count(text) > 1}):
            yield Problem("duplicate_case", f"The case {text!r} is there twice.", "cases", "Remove one.")
