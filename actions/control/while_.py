"""Run a path again and again, as long as a condition holds."""

from collections.abc import AsyncIterator

from pydantic import StrictBool

from actions.contract.action import NEXT, Action, ActionContext, Branch
from actions.contract.errors import ActionError
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import VARIABLE
from actions.contract.steps import RunBranch, Step


class WhileProperties(ActionProperties):
    condition: StrictBool = prop(
        "An expression that is true or false. It is looked at before every pass.",
        modes=VARIABLE,
        widget="condition",
        placeholder="attempts < 3",
    )
    maximum: int = prop("The most passes. One more fails the run.", default=100, ge=1, le=10_000, port=False)


class While(Action[WhileProperties]):
    """Run a path as long as a condition is true."""

    type = "control.while"
    family = "control"
    branches = (Branch("do", "Do", repeats=True), NEXT)
    width = 196

    async def run(self, properties: WhileProperties, context: ActionContext) -> AsyncIterator[Step]:
        for _ in range(properties.maximum):
            if not await context.evaluate("condition"):
                return
            yield RunBranch("do")
        if await context.evaluate("condition"):
            message = f"The condition was still true after {properties.maximum:,} passes, which is the maximum."
            raise ActionError("too_many_passes", message, "Change a variable of the condition in Do, or raise Maximum.")
