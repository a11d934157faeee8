"""Give the caller a piece of the answer while the flow goes on."""

from collections.abc import Iterator
from typing import Any

from actions.contract.action import Action, ActionContext
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import TEXT_MODES
from actions.contract.steps import Emit, Step


class YieldReturnProperties(ActionProperties):
    value: Any = prop("What the caller receives, at once.", modes=TEXT_MODES)


class YieldReturn(Action[YieldReturnProperties]):
    """Send a value to the caller now, and go on."""

    type = "control.yield_return"
    title = "Yield return"
    family = "control"
    emits = True
    width = 186

    def run(self, properties: YieldReturnProperties, context: ActionContext) -> Iterator[Step]:
        yield Emit(properties.value)
