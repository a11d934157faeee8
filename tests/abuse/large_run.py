"""A run that gives 10 MB: it yields its prompt 80 times, and returns its context."""

from typing import Any

from tests.flows.scripted import graph, node, path, trigger

YIELDS, YIELD_BYTES, RESULT_BYTES = 80, 100_000, 2_000_000
BODY = {"prompt": "x" * YIELD_BYTES, "context": "y" * RESULT_BYTES}
GIVEN_BYTES = YIELDS * YIELD_BYTES + RESULT_BYTES


def build_large_flow() -> dict[str, Any]:
    steps = [
        trigger(),
        node("times", "control.for_each", items=list(range(YIELDS))),
        node("yield", "control.yield_return", value={"expression": "chatCompletionRequest.prompt"}),
        node("return", "control.return", value={"expression": "chatCompletionRequest.context"}),
    ]
    return graph(steps, [*path("trigger", "times", "return"), *path("times:for_each_item", "yield")])
