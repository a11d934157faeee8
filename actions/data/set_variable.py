"""Keep a value under a name."""

from typing import Any

from actions.contract.action import Action, ActionContext, Output
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import TEXT_MODES, VariableName
from actions.contract.records import ANY
from actions.contract.steps import Result, Step


class SetVariableProperties(ActionProperties):
    name: VariableName = prop("The variable to set. One that exists is replaced.", port=False)
    value: Any = prop("Its new value.", modes=TEXT_MODES)


class SetVariable(Action[SetVariableProperties]):
    """Give a variable a value."""

    type = "data.set_variable"
    family = "data"
    output = Output(ANY, name="name")
    width = 196

    def make_step(self, properties: SetVariableProperties, context: ActionContext) -> Step:
        return Result(properties.value)
