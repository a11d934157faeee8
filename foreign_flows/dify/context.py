"""What the mapping of a node of Dify may know beside the node, and what the outputs of nodes are here."""

from dataclasses import dataclass, field
from typing import Any

from foreign_flows.dify.references import References
from foreign_flows.draft import Step
from foreign_flows.model_cards import CHOICE
from foreign_flows.names import Names, make_variable_name
from foreign_flows.texts import join_path

TRIGGERS = ("trigger-webhook", "trigger-schedule", "trigger-plugin")
"""The nodes that begin a workflow by themselves."""


@dataclass(slots=True)
class Context:
    """What a node's mapping may know beside the node."""

    names: Names
    references: References
    variables: dict[str, str] = field(default_factory=dict)
    """By the id of a node, the variable with its result."""
    trigger: str | None = None
    """The id of the node that begins the flow; None: it has none."""
    defaults: dict[str, Any] = field(default_factory=dict)
    """By the name of a variable of the conversation, its first value."""


def name_output(step: Step, context: Context) -> None:
    """Say what the node's output is here, before any text that names it is read."""
    outputs, is_chat = context.references.outputs, context.references.is_chat
    if step.kind in TRIGGERS:
        outputs[step.id] = _read_request
    elif step.kind == "start":
        outputs[step.id] = _read_input if is_chat else _read_request
    elif step.kind == "llm":
        variable = _give(step, context, "response")
        outputs[step.id] = lambda keys: _read_answer(variable, keys)
    elif step.kind == "agent":
        variable = _give(step, context, "response")
        outputs[step.id] = lambda keys: f"{variable}.text" if keys == ["text"] else None
    elif step.kind == "parameter-extractor":
        variable = _give(step, context, "response")
        outputs[step.id] = lambda keys: _read_parameter(variable, keys)
    elif step.kind == "question-classifier":
        variable = _give(step, context, "choice")
        outputs[step.id] = lambda keys: f"{variable}.parsed.{CHOICE}" if keys == ["class_name"] else None
    elif step.kind == "http-request":
        variable = _give(step, context, "answer")
        fields = {"body": "text", "status_code": "status", "headers": "headers"}
        outputs[step.id] = lambda keys: join_path(variable, [fields[keys[0]]]) if keys and keys[0] in fields else None
    elif step.kind in ("iteration", "loop"):
        variable = _give(step, context, "item")
        outputs[step.id] = lambda keys: join_path(variable, keys[1:]) if keys[:1] == ["item"] else None
    elif step.kind in ("template-transform", "knowledge-retrieval"):
        variable = _give(step, context, make_variable_name(step.title, "result"))
        outputs[step.id] = lambda keys: variable
    else:
        variable = make_variable_name(step.title, "result")
        outputs[step.id] = lambda keys: join_path(variable, keys)


def _give(step: Step, context: Context, wanted: str) -> str:
    variable = context.variables[step.id] = context.names.give(wanted)
    return variable


def _read_answer(variable: str, keys: list[str]) -> str | None:
    """Return the text of a model's answer, or what lies in its structured output."""
    if keys[:1] == ["structured_output"]:
        return join_path(f"{variable}.parsed", keys[1:])
    return f"{variable}.text" if keys[:1] == ["text"] else None


def _read_parameter(variable: str, keys: list[str]) -> str | None:
    """Return a parameter that was found; what Dify says of the search for it, such as `__is_success`, is not known."""
    return join_path(f"{variable}.parsed", keys) if keys and not keys[0].startswith("__") else None


def _read_input(keys: list[str]) -> str | None:
    return join_path("chatCompletionRequest.context", keys) if keys else None


def _read_request(keys: list[str]) -> str | None:
    return join_path("request", keys) if keys else None
