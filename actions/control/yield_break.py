"""End the flow without a result."""

from typing import ClassVar

from actions.contract.action import Action, ActionContext, Role
from actions.contract.properties import ActionProperties
from actions.contract.steps import Return, Step


class YieldBreakProperties(ActionProperties):
    pass


class YieldBreak(Action[YieldBreakProperties]):
    """End the flow here: the caller receives nothing more."""

    type = "control.yield_break"
    family = "control"
    role: ClassVar[Role] = "end"
    branches = ()
    width = 186

    def make_step(self, properties: YieldBreakProperties, context: ActionContext) -> Step:
        return Return(None)
