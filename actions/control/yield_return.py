"""Give the caller a piece of the answer while the flow goes on."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal

from actions.contract.action import Action, ActionContext
from actions.contract.errors import ActionError
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import LITERAL, TEXT_MODES
from actions.contract.records import render
from actions.contract.steps import Emit, EmitPart, Step

KINDS = {
    "text": "Text of the answer",
    "thinking": "Thinking",
    "source": "A source",
    "data": "Data",
    "tool": "A step of a tool",
}
SOURCE_FIELDS = ("url", "source", "title", "cited_text")


class YieldReturnProperties(ActionProperties):
    value: Any = prop("What the caller receives, at once.", modes=TEXT_MODES, suggests=("chat_completion_message",))
    kind: Literal["text", "thinking", "source", "data", "tool"] = prop(
        "What the value is to the caller. Each protocol shows the kinds that it has a word for.",
        default="text",
        modes=LITERAL,
        port=False,
        advanced=True,
        choices=KINDS,
    )


class YieldReturn(Action[YieldReturnProperties]):
    """Send a value to the caller now, and go on."""

    type = "control.yield_return"
    title = "Yield return"
    family = "control"
    emits = True
    caller_receives = "value"
    width = 186

    def make_step(self, properties: YieldReturnProperties, context: ActionContext) -> Step:
        return STEPS[properties.kind](properties.value)


def _build_thinking(value: Any) -> Step:
    return EmitPart("thinking", render(value))


def _build_source(value: Any) -> Step:
    """Return a source from an address, a title, or an object with the fields of a citation."""
    if isinstance(value, str):
        value = {"url" if value.startswith(("http://", "https://")) else "title": value}
    given = {name: value.get(name) for name in SOURCE_FIELDS} if isinstance(value, Mapping) else {}
    fits = all(field is None or isinstance(field, str) for field in given.values())
    if not fits or not any(given.get(name) for name in ("url", "source", "title")):
        message = "The value is no source."
        hint = "Give an address, or an object with url, source or title, each a text, as a citation of a message is."
        raise ActionError("invalid_source", message, hint)
    return EmitPart("source", given)


def _build_tool(value: Any) -> Step:
    """Return a step of a tool: with an output when it has ended."""
    name, id = (value.get("name"), value.get("id")) if isinstance(value, Mapping) else (None, None)
    if not isinstance(name, str) or not name or not (id is None or isinstance(id, str)):
        hint = "Give an object with a name, and optionally id, input and output."
        raise ActionError("invalid_tool_step", "The value is no step of a tool.", hint)
    given = {"input": value.get("input"), "output": value.get("output")}
    return EmitPart("tool", {"id": id or name, "name": name, **given})


STEPS: Mapping[str, Callable[[Any], Step]] = {
    "text": Emit,
    "thinking": _build_thinking,
    "source": _build_source,
    "data": partial(EmitPart, "data"),
    "tool": _build_tool,
}
"""By the kind. A table, because a question costs more for each chunk."""
