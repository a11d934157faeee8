"""From properties to the body of a request. Pure: what is not set, or not taken by the model, is not sent."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from actions.anthropic.chat_properties import StreamingChatCompletionProperties
from actions.anthropic.history import read_history
from actions.anthropic.models import (
    Rule,
    effort_rule,
    temperature_rule,
    thinking_off,
    thinking_off_rule,
    thinking_on_rule,
    web_fetch_rule,
)
from actions.anthropic.prompt import final_prompt, messages, system
from actions.errors import ActionError

# The versions that every model takes; newer ones run their results through code execution, which older models lack.
WEB_SEARCH = {"type": "web_search_20250305", "name": "web_search", "max_uses": 5}
WEB_FETCH = {"type": "web_fetch_20250910", "name": "web_fetch", "max_uses": 5, "citations": {"enabled": True}}


class Setting(NamedTuple):
    """A property that not every model takes."""

    property: str
    rule: Rule
    value: Any


def settings_of(wanted: dict[str, Any], api_version: str) -> Iterator[Setting]:
    """Yield the settings of `wanted` properties that depend on the model, each with what is to be sent for it."""
    model_id = str(wanted["model_id"])
    if wanted.get("temperature") is not None:
        yield Setting("temperature", temperature_rule(model_id, api_version), wanted["temperature"])
    if wanted.get("effort") is not None:
        yield Setting("effort", effort_rule(model_id), {"effort": wanted["effort"]})
    if wanted.get("thinking") == "off":
        yield Setting("thinking", thinking_off_rule(model_id, wanted.get("effort")), {"type": thinking_off(model_id)})
    elif wanted.get("thinking") or wanted.get("show_thinking"):
        display = "summarized" if wanted.get("show_thinking") else "omitted"
        name = "thinking" if wanted.get("thinking") else "show_thinking"
        yield Setting(name, thinking_on_rule(model_id), {"type": "adaptive", "display": display})
    if wanted.get("enable_grounding"):
        yield Setting("enable_grounding", Rule(True), WEB_SEARCH)
    if wanted.get("enable_web_fetch"):
        yield Setting("enable_web_fetch", web_fetch_rule(model_id), WEB_FETCH)


def body_of(properties: StreamingChatCompletionProperties, settings: list[Setting]) -> dict[str, Any]:
    """Return the body of the request. Raises ActionError when the history is malformed or the prompt is empty."""
    prompt = final_prompt(properties.user_prompt, properties.context, properties.prompt_template)
    if not prompt.strip():
        raise ActionError("empty_prompt", "User Prompt is empty.", "Give the model something to respond to.")
    sent = {setting.property: setting.value for setting in settings if setting.rule.sent}
    tools = [sent[name] for name in ("enable_grounding", "enable_web_fetch") if name in sent]
    caching = properties.prompt_caching
    history = read_history(properties.history, tools=bool(tools))
    optional = {
        "system": system(properties.system_prompt, caching=caching),
        "temperature": sent.get("temperature"),
        "thinking": sent.get("thinking") or sent.get("show_thinking"),
        "output_config": sent.get("effort"),
        "stop_sequences": properties.stop_sequences or None,
        "tools": tools or None,
    }
    return {
        "model": properties.model_id,
        "max_tokens": properties.max_completion_tokens,
        "messages": messages(history, prompt, caching=caching),
        **{name: value for name, value in optional.items() if value is not None},
    }
