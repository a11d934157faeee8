"""Take one of two paths."""

from pydantic import StrictBool

from actions.contract.action import NEXT, Action, ActionContext, Branch
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import VARIABLE
from actions.contract.steps import RunBranch, Step


class IfProperties(ActionProperties):
    condition: StrictBool = prop(
        "An expression that is true or false.",
        modes=VARIABLE,
        widget="condition",
        placeholder='chatCompletionRequest.prompt != ""',
    )


class If(Action[IfProperties]):
    """Run one of two paths, by a condition."""

    type = "control.if"
    family = "control"
    branches = (Branch("then", "Then"), Branch("else", "Else"), NEXT)
    width = 196

    def make_step(self, properties: IfProperties, context: ActionContext) -> Step:
        return RunBranch("then" if properties.condition else "else")
