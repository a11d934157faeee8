"""Make a value from others, by an expression."""

from typing import Any

from actions.contract.action import Action, ActionContext, Output
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import VARIABLE, VariableName
from actions.contract.records import ANY
from actions.contract.steps import Result, Step


class TransformProperties(ActionProperties):
    value: Any = prop(
        "An expression over lists and maps.",
        modes=VARIABLE,
        widget="condition",
        placeholder="items.filter(i, i.score > 0.5).map(i, i.title)",
    )
    result_variable_name: VariableName = prop("Variable that holds what it gives.", default="result", port=False)


class Transform(Action[TransformProperties]):
    """Filter, map and reshape lists and maps by an expression."""

    type = "data.transform"
    family = "data"
    output = Output(ANY, name="result_variable_name")
    width = 196

    def make_step(self, properties: TransformProperties, context: ActionContext) -> Step:
        return Result(properties.value)
