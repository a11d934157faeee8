"""What the Messages API refuses, as far as a flow can run into it. Pure. The wording follows the API's."""

from collections.abc import Mapping
from typing import Any, get_args

from actions.anthropic.models import (
    CURRENT_VERSION,
    MODELS,
    OLDER_VERSION,
    Effort,
    effort_rule,
    facts_of,
    name_of,
    retirement_note,
    temperature_rule,
    thinking_off,
    thinking_off_rule,
    thinking_on_rule,
)
from actions.anthropic.simulator.block_rules import check_block, check_format
from actions.anthropic.simulator.refusal import Refusal, invalid

Body = Mapping[str, Any]

NEEDED = ("model", "messages", "max_tokens")
OPTIONAL = (
    *("system", "stream", "stop_sequences", "thinking", "output_config", "tools", "tool_choice", "cache_control"),
    *("metadata", "service_tier", "inference_geo", "container"),
)
SAMPLING = ("temperature", "top_p", "top_k")
ROLES = ("user", "assistant", "system")
PREFILL = "This model does not support assistant message prefill. The conversation must end with a user message."


def check_version(version: str) -> None:
    if not version:
        raise invalid("anthropic-version: header is required")
    if version not in (CURRENT_VERSION, OLDER_VERSION):
        raise invalid(f'anthropic-version: "{version}" is not a valid version')


def check(body: Body, version: str, needed: tuple[str, ...] = NEEDED) -> None:
    """Raise Refusal for the first thing that the API would refuse."""
    allowed = {*needed, *OPTIONAL, *(SAMPLING if version == OLDER_VERSION else ())}
    for name in needed:
        if name not in body:
            raise invalid(f"{name}: Field required")
    for name in body:
        if name not in allowed:
            raise invalid(f"{name}: Extra inputs are not permitted")
    model = body["model"]
    if not isinstance(model, str) or not model:
        raise invalid("model: Input should be a valid string")
    _check_messages(body["messages"])
    check_model(model)
    if "max_tokens" in needed:
        _check_max_tokens(body["max_tokens"], model)
    _check_ending(body["messages"], model)
    _check_settings(body, model, version)


def check_model(model: str) -> None:
    note = retirement_note(model)
    if name_of(model) not in MODELS or (note and "retired" in note):
        raise Refusal(404, "not_found_error", f"model: {model}")


def _check_max_tokens(asked: Any, model: str) -> None:
    if not isinstance(asked, int) or isinstance(asked, bool):
        raise invalid("max_tokens: Input should be a valid integer")
    if asked < 1:
        raise invalid("max_tokens: must be greater than or equal to 1")
    facts = facts_of(model)
    if facts is not None and asked > facts.max_tokens:
        raise invalid(f"max_tokens: {asked} > {facts.max_tokens}, which is the maximum allowed for {model}")


def _check_messages(messages: Any) -> None:
    if not isinstance(messages, list) or not messages:
        raise invalid("messages: at least one message is required")
    for index, message in enumerate(messages):
        if not isinstance(message, dict) or message.get("role") not in ROLES:
            raise invalid(f"messages.{index}.role: Input should be 'user', 'assistant' or 'system'")
        _check_content(message.get("content"), f"messages.{index}")
    if messages[0]["role"] != "user":
        raise invalid('messages: first message must use the "user" role')


def _check_content(content: Any, where: str) -> None:
    if isinstance(content, str) and content.strip():
        return
    if not isinstance(content, list) or not content:
        raise invalid(f"{where}: all messages must have non-empty content")
    for index, block in enumerate(content):
        if not isinstance(block, dict) or not isinstance(block.get("type"), str):
            raise invalid(f"{where}.content.{index}.type: Field required")
        check_block(block, f"{where}.content.{index}")
        if block["type"] == "text" and not str(block.get("text", "")).strip():
            raise invalid(f"{where}.content.{index}: text content blocks must be non-empty")


def _check_ending(messages: list[Body], model: str) -> None:
    """A turn that the API paused may end a request; words put into the model's mouth may not."""
    last, name = messages[-1], name_of(model)
    paused = isinstance(last["content"], list) and any(block["type"] != "text" for block in last["content"])
    if last["role"] == "assistant" and not paused and name and (name.major, name.minor) >= (4, 6):
        raise invalid(PREFILL)


def _check_settings(body: Body, model: str, version: str) -> None:
    if "temperature" in body and not temperature_rule(model, version).sent:
        raise invalid("temperature: this model does not support a temperature other than the default")
    temperature = body.get("temperature", 1)
    if not isinstance(temperature, int | float) or not 0 <= temperature <= 1:
        raise invalid("temperature: must be between 0 and 1")
    for stop in body.get("stop_sequences") or ():
        if not isinstance(stop, str) or not stop.strip():
            raise invalid("stop_sequences: each stop sequence must contain non-whitespace")
    effort = (body.get("output_config") or {}).get("effort")
    if effort is not None and (effort not in get_args(Effort) or not effort_rule(model).sent):
        raise invalid("output_config.effort: this model does not support this effort")
    check_format(body)
    _check_thinking(body.get("thinking") or {}, model, effort)


def _check_thinking(thinking: Body, model: str, effort: str | None) -> None:
    kind, facts = thinking.get("type"), facts_of(model)
    if not thinking or facts is None:
        return
    if kind == "enabled" and (name := name_of(model)) and (name.major, name.minor) >= (4, 7):
        raise invalid('"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive"')
    if kind == "adaptive" and not thinking_on_rule(model).sent:
        raise invalid("adaptive thinking is not supported on this model")
    off = kind in ("disabled", "between_tools")
    if off and (kind != thinking_off(model) or not thinking_off_rule(model, effort).sent):
        raise invalid(f'"thinking.type.{kind}" is not supported for this model')
    if kind not in ("enabled", "adaptive", "disabled", "between_tools"):
        raise invalid(f"thinking.type: {kind!r} is not a type of thinking")
