"""Fail on purpose."""

from typing import Annotated, ClassVar

from pydantic import StringConstraints

from actions.contract.action import Action, ActionContext, Role
from actions.contract.errors import ActionError
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import LITERAL, Text
from actions.contract.steps import Step

MAX_MESSAGE_CHARACTERS = 2_000
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]


class ThrowProperties(ActionProperties):
    message: Text = prop("What went wrong, in a sentence. The caller reads it.", widget="template")
    code: Code = prop(
        "The same for programs: lower case letters, digits and _.", default="thrown", modes=LITERAL, port=False
    )


class Throw(Action[ThrowProperties]):
    """Fail here. A Try / Catch around it catches it; else the run fails."""

    type = "control.throw"
    family = "control"
    role: ClassVar[Role] = "end"
    branches = ()
    width = 186

    def make_step(self, properties: ThrowProperties, context: ActionContext) -> Step:
        raise ActionError(properties.code, properties.message[:MAX_MESSAGE_CHARACTERS] or "The flow failed on purpose.")
