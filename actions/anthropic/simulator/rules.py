"""What the Messages API refuses, as far as a flow can run into it. Pure. The wording follows the API's."""

from collections.abc import Mapping
from typing import Any, get_args

from actions.anthropic.models import (
    CURRENT_VERSION,
    MODELS,
    OLDER_VERSION,
    Effort,
    describe_retirement,
    get_facts,
    get_least_thinking,
    judge_effort,
    judge_temperature,
    judge_thinking_off,
    judge_thinking_on,
    read_model_name,
)
from actions.anthropic.simulator.block_rules import check_block, check_calls, check_format
from actions.anthropic.simulator.refusal import Refusal, build_refusal

Body = Mapping[str, Any]

NEEDED_FIELDS = ("model", "messages", "max_tokens")
OPTIONAL_FIELDS = (
    *("system", "stream", "stop_sequences", "thinking", "output_config", "tools", "tool_choice", "cache_control"),
    *("metadata", "service_tier", "inference_geo", "container"),
)
SAMPLING_FIELDS = ("temperature", "top_p", "top_k")
ROLES = ("user", "assistant", "system")
PREFILL = "This model does not support assistant message prefill. The conversation must end with a user message."


def check_version(version: str) -> None:
    if not version:
        raise build_refusal("anthropic-version: header is required")
    if version not in (CURRENT_VERSION, OLDER_VERSION):
        raise build_refusal(f'anthropic-version: "{version}" is not a valid version')


def check(body: Body, version: str, needed: tuple[str, ...] = NEEDED_FIELDS) -> None:
    """Raise Refusal for the first thing that the API would refuse."""
    allowed = {*needed, *OPTIONAL_FIELDS, *(SAMPLING_FIELDS if version == OLDER_VERSION else ())}
    for name in needed:
        if name not in body:
            raise build_refusal(f"{name}: Field required")
    for name in body:
        if name not in allowed:
            raise build_refusal(f"{name}: Extra inputs are not permitted")
    model = body["model"]
    if not isinstance(model, str) or not model:
        raise build_refusal("model: Input should be a valid string")
    _check_messages(body["messages"])
    check_model(model)
    if "max_tokens" in needed:
        _check_max_tokens(body["max_tokens"], model)
    _check_ending(body["messages"], model)
    _check_settings(body, model)


def check_model(model: str) -> None:
    note = describe_retirement(model)
    if read_model_name(model) not in MODELS or (note and "retired" in note):
        raise Refusal(404, "not_found_error", f"model: {model}")


def _check_max_tokens(max_tokens: Any, model: str) -> None:
    if not isinstance(max_tokens, int) or isinstance(max_tokens, bool):
        raise build_refusal("max_tokens: Input should be a valid integer")
    if max_tokens < 1:
        raise build_refusal("max_tokens: must be greater than or equal to 1")
    facts = get_facts(model)
    if facts is not None and max_tokens > facts.max_tokens:
        raise build_refusal(f"max_tokens: {max_tokens} > {facts.max_tokens}, which is the maximum allowed for {model}")


def _check_messages(messages: Any) -> None:
    if not isinstance(messages, list) or not messages:
        raise build_refusal("messages: at least one message is required")
    for index, message in enumerate(messages):
        if not isinstance(message, dict) or message.get("role") not in ROLES:
            raise build_refusal(f"messages.{index}.role: Input should be 'user', 'assistant' or 'system'")
        _check_content(message.get("content"), f"messages.{index}")
    if messages[0]["role"] != "user":
        raise build_refusal('messages: first message must use the "user" role')
    check_calls(messages)


def _check_content(content: Any, where: str) -> None:
    if isinstance(content, str) and content.strip():
        return
    if not isinstance(content, list) or not content:
        raise build_refusal(f"{where}: all messages must have non-empty content")
    for index, block in enumerate(content):
        if not isinstance(block, dict) or not isinstance(block.get("type"), str):
            raise build_refusal(f"{where}.content.{index}.type: Field required")
        check_block(block, f"{where}.content.{index}")
        if block["type"] == "text" and not str(block.get("text", "")).strip():
            raise build_refusal(f"{where}.content.{index}: text content blocks must be non-empty")


def _check_ending(messages: list[Body], model: str) -> None:
    """A turn that the API paused may end a request; words put into the model's mouth may not."""
    last, name = messages[-1], read_model_name(model)
    paused = isinstance(last["content"], list) and any(block["type"] != "text" for block in last["content"])
    if last["role"] == "assistant" and not paused and name and (name.major, name.minor) >= (4, 6):
        raise build_refusal(PREFILL)


def _check_settings(body: Body, model: str) -> None:
    if "temperature" in body and not judge_temperature(model).sent:
        raise build_refusal("temperature: this model does not support a temperature other than the default")
    temperature = body.get("temperature", 1)
    if not isinstance(temperature, int | float) or not 0 <= temperature <= 1:
        raise build_refusal("temperature: must be between 0 and 1")
    for stop in body.get("stop_sequences") or ():
        if not isinstance(stop, str) or not stop.strip():
            raise build_refusal("stop_sequences: each stop sequence must contain non-whitespace")
    effort = (body.get("output_config") or {}).get("effort")
    if effort is not None and (effort not in get_args(Effort) or not judge_effort(model).sent):
        raise build_refusal("output_config.effort: this model does not support this effort")
    check_format(body)
    _check_thinking(body.get("thinking") or {}, model, effort)


def _check_thinking(thinking: Body, model: str, effort: str | None) -> None:
    kind, facts = thinking.get("type"), get_facts(model)
    if not thinking or facts is None:
        return
    if kind == "enabled" and (name := read_model_name(model)) and (name.major, name.minor) >= (4, 7):
        raise build_refusal('"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive"')
    if kind == "adaptive" and not judge_thinking_on(model).sent:
        raise build_refusal("adaptive thinking is not supported on this model")
    off = kind in ("disabled", "between_tools")
    if off and (kind != get_least_thinking(model) or not judge_thinking_off(model, effort).sent):
        raise build_refusal(f'"thinking.type.{kind}" is not supported for this model')
    if kind not in ("enabled", "adaptive", "disabled", "between_tools"):
        raise build_refusal(f"thinking.type: {kind!r} is not a type of thinking")
