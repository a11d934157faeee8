"""Give several variables their first values."""

from typing import Annotated

from pydantic import Field, JsonValue

from actions.contract.action import Action, ActionContext
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import LITERAL, VariableName
from actions.contract.steps import Result, Step


class DeclareVariablesProperties(ActionProperties):
    variables: Annotated[dict[VariableName, JsonValue], Field(min_length=1, max_length=50)] = prop(
        'Names and values, such as {"attempts": 0, "notes": []}. Texts may hold {{ expressions }}.', modes=LITERAL
    )


class DeclareVariables(Action[DeclareVariablesProperties]):
    """Give several variables their first values."""

    type = "data.declare_variables"
    family = "data"
    declares = "variables"
    width = 204

    def make_step(self, properties: DeclareVariablesProperties, context: ActionContext) -> Step:
        return Result(dict(properties.variables))
