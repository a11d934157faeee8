"""Let time pass."""

import asyncio
from collections.abc import AsyncIterator

from actions.contract.action import Action, ActionContext
from actions.contract.properties import ActionProperties, prop
from actions.contract.steps import Step


class WaitProperties(ActionProperties):
    seconds: float = prop("How long to wait.", ge=0, le=3_600, unit="s")


class Wait(Action[WaitProperties]):
    """Wait before the flow goes on. Stop ends the wait at once."""

    type = "control.wait"
    family = "control"
    width = 186

    async def run(self, properties: WaitProperties, context: ActionContext) -> AsyncIterator[Step]:
        await asyncio.sleep(properties.seconds)
        return
        yield  # what makes this a generator of steps, of which there are none
