"""Run a path for every item of a list."""

from collections.abc import Iterator
from typing import Any

from actions.contract.action import NEXT, Action, ActionContext, Branch
from actions.contract.errors import ActionError
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import VALUE_MODES, VariableName
from actions.contract.steps import RunBranch, Step

MAX_ITEMS = 10_000


class ForEachProperties(ActionProperties):
    items: Any = prop("The list to go through.", modes=VALUE_MODES, widget="json")
    item_variable_name: VariableName = prop("Variable that holds the item.", default="item", port=False)


class ForEach(Action[ForEachProperties]):
    """Run a path for every item of a list, one after another."""

    type = "control.for_each"
    title = "For each"
    family = "control"
    branches = (Branch("for_each_item", "For each item", "item_variable_name", repeats=True), NEXT)
    width = 196

    def run(self, properties: ForEachProperties, context: ActionContext) -> Iterator[Step]:
        items = properties.items
        if not isinstance(items, list | tuple):
            raise ActionError("invalid_value", "Items is not a list.", "Bind it to a variable that holds a list.")
        if len(items) > MAX_ITEMS:
            raise ActionError("too_many_items", f"Items has {len(items):,} items; {MAX_ITEMS:,} are allowed.")
        for item in items:
            yield RunBranch("for_each_item", item)
