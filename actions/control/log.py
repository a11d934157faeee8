"""Leave a line in the run's log."""

from typing import Literal

from actions.contract.action import Action, ActionContext
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import Text
from actions.contract.steps import Log as LogStep
from actions.contract.steps import Step

MAX_MESSAGE_CHARACTERS = 10_000


class LogProperties(ActionProperties):
    message: Text = prop("What the line says.", widget="template")
    level: Literal["info", "warning", "error"] = prop("How serious it is.", default="info", port=False)


class Log(Action[LogProperties]):
    """Write a line to the run's log. Callers do not see it."""

    type = "control.log"
    family = "control"
    width = 186

    def make_step(self, properties: LogProperties, context: ActionContext) -> Step:
        return LogStep(properties.message[:MAX_MESSAGE_CHARACTERS], properties.level)
