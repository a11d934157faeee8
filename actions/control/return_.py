"""End the flow with a result."""

from typing import Any, ClassVar

from actions.contract.action import Action, ActionContext, Role
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import TEXT_MODES
from actions.contract.steps import Return as ReturnStep
from actions.contract.steps import Step


class ReturnProperties(ActionProperties):
    value: Any = prop("The result of the flow. Empty: no result.", default=None, modes=TEXT_MODES)


class Return(Action[ReturnProperties]):
    """End the flow here, with an optional result."""

    type = "control.return"
    family = "control"
    role: ClassVar[Role] = "end"
    branches = ()
    caller_receives = "value"
    width = 186

    def make_step(self, properties: ReturnProperties, context: ActionContext) -> Step:
        return ReturnStep(properties.value)
