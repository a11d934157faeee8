"""From properties to the body of a request. Pure: what is not set, or not taken by the model, is not sent."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from actions.anthropic.models import (
    OLDER_VERSION,
    SettingRule,
    get_least_thinking,
    judge_effort,
    judge_temperature,
    judge_thinking_off,
    judge_thinking_on,
    judge_web_fetch,
)
from actions.anthropic.properties import ChatCompletionProperties
from actions.anthropic.request.history import drop_before_user, read_history
from actions.anthropic.request.prompt import build_messages, build_system
from actions.anthropic.request.structured import build_output_format
from actions.anthropic.request.user_content import UserContent
from actions.chat.reducer import HistoryReducer

# The versions that every model takes; newer ones run their results through code execution, which older models lack.
WEB_SEARCH = {"type": "web_search_20250305", "name": "web_search", "max_uses": 5}
WEB_FETCH = {"type": "web_fetch_20250910", "name": "web_fetch", "max_uses": 5, "citations": {"enabled": True}}


class Setting(NamedTuple):
    """A property that not every model takes."""

    property: str
    """Its name."""
    rule: SettingRule
    """Whether the model takes it."""
    value: Any
    """What is sent for it."""


def list_settings(properties: dict[str, Any]) -> Iterator[Setting]:
    """Yield the settings of `wanted` properties that depend on the model, each with what is to be sent for it."""
    model_id = str(properties["model_id"])
    if properties.get("temperature") is not None:
        thinks = properties.get("thinking") == "adaptive" or bool(properties.get("show_thinking"))
        yield Setting("temperature", judge_temperature(model_id, thinks=thinks), properties["temperature"])
    if properties.get("effort") is not None:
        yield Setting("effort", judge_effort(model_id), {"effort": properties["effort"]})
    if properties.get("thinking") == "off":
        yield Setting(
            "thinking", judge_thinking_off(model_id, properties.get("effort")), {"type": get_least_thinking(model_id)}
        )
    elif properties.get("thinking") or properties.get("show_thinking"):
        display = "summarized" if properties.get("show_thinking") else "omitted"
        name = "thinking" if properties.get("thinking") else "show_thinking"
        yield Setting(name, judge_thinking_on(model_id), {"type": "adaptive", "display": display})
    if properties.get("enable_grounding"):
        yield Setting("enable_grounding", SettingRule(True), WEB_SEARCH)
    if properties.get("enable_web_fetch"):
        yield Setting(
            "enable_web_fetch", judge_web_fetch(model_id), _build_web_fetch(properties.get("response_format"))
        )
    if properties.get("citations"):
        yield Setting("citations", _judge_citations(properties.get("response_format")), True)


def build_body(
    properties: ChatCompletionProperties,
    settings: Mapping[str, Any],
    user_content: UserContent,
    reducer: HistoryReducer | None = None,
) -> dict[str, Any]:
    """Return the body of the request; `sent` are the settings that the model takes, by property.

    Raises ActionError when the history is malformed or the response format is no schema.
    """
    tools = [settings[name] for name in ("enable_grounding", "enable_web_fetch") if name in settings]
    caching = properties.prompt_caching
    history = read_history(properties.history, tools=bool(tools))
    if reducer is not None:
        history = drop_before_user(reducer.reduce(history))
    optional = {
        "system": build_system(properties.system_prompt, caching=caching),
        "temperature": settings.get("temperature"),
        "thinking": settings.get("thinking") or settings.get("show_thinking"),
        "output_config": _build_output_config(properties, settings),
        "stop_sequences": properties.stop_sequences or None,
        "tools": tools or None,
    }
    return {
        "model": properties.model_id,
        "max_tokens": properties.max_completion_tokens,
        "messages": build_messages(history, user_content.content, caching=caching),
        **{name: value for name, value in optional.items() if value is not None},
    }


def choose_version(body: Mapping[str, Any], version: str) -> str:
    """Return the API version that a request names: the connection's, or the older one where it has a temperature."""
    return OLDER_VERSION if "temperature" in body else version


def _build_output_config(properties: ChatCompletionProperties, settings: Mapping[str, Any]) -> dict[str, Any] | None:
    schema = properties.response_format
    config = {**settings.get("effort", {}), **({} if schema is None else {"format": build_output_format(schema)})}
    return config or None


def _judge_citations(response_format: Any) -> SettingRule:
    """Sources are named between pieces of text, and an answer that is JSON has none."""
    if response_format is None:
        return SettingRule(True)
    note = "Sources cannot be named in an answer that is JSON, so they are not asked for."
    return SettingRule(False, note, "Turn Enable Citations off, or remove Response Format.")


def _build_web_fetch(response_format: Any) -> dict[str, Any]:
    return WEB_FETCH if response_format is None else {**WEB_FETCH, "citations": {"enabled": False}}
