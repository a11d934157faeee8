"""End the path that repeats, and go on with its Continue."""

from typing import ClassVar

from actions.contract.action import Action, ActionContext, Role
from actions.contract.properties import ActionProperties
from actions.contract.steps import Break as BreakStep
from actions.contract.steps import Step


class BreakProperties(ActionProperties):
    pass


class Break(Action[BreakProperties]):
    """End the path that repeats, and go on with its Continue."""

    type = "control.break"
    family = "control"
    role: ClassVar[Role] = "end"
    branches = ()
    in_loop = True
    width = 186

    def make_step(self, properties: BreakProperties, context: ActionContext) -> Step:
        return BreakStep()
