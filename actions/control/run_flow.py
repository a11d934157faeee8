"""Run another flow of the workspace."""

from collections.abc import Generator, Mapping
from typing import Any, Literal

from pydantic import JsonValue

from actions.contract.action import NEXT, Action, ActionContext, Branch, Output
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import LITERAL, FlowId, VariableName
from actions.contract.records import ANY
from actions.contract.steps import CallFlow, Result, Step


class RunFlowProperties(ActionProperties):
    flow: FlowId = prop("The flow to run, as it was last saved.")
    input: dict[str, JsonValue] = prop(
        "What its trigger is given. Texts may hold {{ expressions }}.",
        default={"prompt": "{{ chatCompletionRequest.prompt }}"},
    )
    yields: Literal["forward", "consume"] = prop(
        "What happens to each of its yields.",
        default="forward",
        modes=LITERAL,
        port=False,
        choices={"forward": "Forward to the caller", "consume": "Run For each item"},
    )
    item_variable_name: VariableName = prop(
        "Variable that holds each yield in For each item.", default="item", port=False
    )
    result_variable_name: VariableName = prop(
        "Variable that holds what the flow returned.", default="result", port=False
    )


class RunFlow(Action[RunFlowProperties]):
    """Run another flow, and forward or use what it yields while it yields it."""

    type = "control.run_flow"
    family = "control"
    branches = (Branch("for_each_item", "For each item", "item_variable_name", repeats=True), NEXT)
    output = Output(ANY, name="result_variable_name")
    streams = True
    width = 212

    def run(self, properties: RunFlowProperties, context: ActionContext) -> Generator[Step, Any, None]:
        branch = "for_each_item" if properties.yields == "consume" else None
        result = yield CallFlow(properties.flow, properties.input, branch)
        yield Result(result)

    @classmethod
    def may_emit(cls, properties: Mapping[str, Any]) -> bool:
        return bool(properties.get("yields", "forward") == "forward")
