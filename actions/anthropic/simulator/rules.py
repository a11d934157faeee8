"""What the Messages API refuses, as far as a flow can run into it. Pure."""

from typing import Any

from actions.anthropic.models import MODELS, OLDER_VERSION, name_of, retirement_note, temperature_rule

FIELDS = frozenset(
    [
        "model",
        "messages",
        "max_tokens",
        "system",
        "stream",
        "stop_sequences",
        "thinking",
        "output_config",
        "tools",
        "tool_choice",
        "cache_control",
        "metadata",
        "service_tier",
        "inference_geo",
        "container",
    ]
)
SAMPLING = frozenset({"temperature", "top_p", "top_k"})
OFFERED = [
    "claude-fable-5-2",
    "claude-haiku-5-5",
    "claude-sonnet-5-5",
    "claude-opus-5-5",
    "claude-sonnet-5",
    "claude-opus-5",
    "claude-opus-4-6",
    "claude-sonnet-4-6",
    "claude-haiku-4-5",
]


class Refusal(Exception):
    """An answer of the API other than 200."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message


def check(body: Any, version: str) -> None:
    """Raise Refusal for the first thing that the API would refuse."""
    if not isinstance(body, dict):
        raise _invalid("The request body is not valid JSON.")
    for name in ("model", "messages", "max_tokens"):
        if name not in body:
            raise _invalid(f"{name}: Field required")
    _check_fields(body, version)
    _check_model(str(body["model"]))
    if not isinstance(body["max_tokens"], int) or body["max_tokens"] < 1:
        raise _invalid("max_tokens: must be greater than or equal to 1")
    _check_messages(body["messages"], str(body["model"]))
    _check_thinking(body, str(body["model"]))


def _check_fields(body: dict[str, Any], version: str) -> None:
    allowed = FIELDS | (SAMPLING if version == OLDER_VERSION else frozenset())
    for name in body:
        if name not in allowed:
            raise _invalid(f"{name}: Extra inputs are not permitted")
    if "temperature" in body and not temperature_rule(str(body["model"]), version).sent:
        raise _invalid("temperature: this model does not support a temperature other than the default")


def _check_model(model: str) -> None:
    name, note = name_of(model), retirement_note(model)
    if name not in MODELS or (note and "retired" in note):
        raise Refusal(404, "not_found_error", f"model: {model}")


def _check_messages(messages: Any, model: str) -> None:
    if not isinstance(messages, list) or not messages:
        raise _invalid("messages: at least one message is required")
    for index, message in enumerate(messages):
        if message.get("role") not in ("user", "assistant", "system"):
            raise _invalid(f"messages.{index}.role: must be 'user' or 'assistant'")
        if not message.get("content"):
            raise _invalid(f"messages.{index}: all messages must have non-empty content")
    if messages[0]["role"] != "user":
        raise _invalid('messages: first message must use the "user" role')
    name = name_of(model)
    continued = isinstance(messages[-1]["content"], list)
    if messages[-1]["role"] == "assistant" and not continued and name and (name.major, name.minor) >= (4, 6):
        raise _invalid(
            "This model does not support assistant message prefill. The conversation must end with a user message."
        )


def _check_thinking(body: dict[str, Any], model: str) -> None:
    name = name_of(model)
    facts = MODELS[name] if name else None
    kind = (body.get("thinking") or {}).get("type")
    if facts and kind == "disabled" and facts.thinking in ("always", "between_tools"):
        raise _invalid(f"thinking: {model} does not support thinking.type disabled")
    if facts and kind == "adaptive" and facts.thinking == "budget":
        raise _invalid("adaptive thinking is not supported on this model")


def _invalid(message: str) -> Refusal:
    return Refusal(400, "invalid_request_error", message)
