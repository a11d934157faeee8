"""End this pass of the path that repeats; the next one follows."""

from typing import ClassVar

from actions.contract.action import Action, ActionContext, Role
from actions.contract.properties import ActionProperties
from actions.contract.steps import ContinueLoop as ContinueStep
from actions.contract.steps import Step


class ContinueProperties(ActionProperties):
    pass


class Continue(Action[ContinueProperties]):
    """End this pass of the path that repeats; the next one follows."""

    type = "control.continue"
    family = "control"
    role: ClassVar[Role] = "end"
    branches = ()
    in_loop = True
    width = 186

    def make_step(self, properties: ContinueProperties, context: ActionContext) -> Step:
        return ContinueStep()
