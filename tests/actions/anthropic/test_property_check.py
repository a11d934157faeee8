"""What the editor is told of a chat completion before any run."""

from typing import Any

import pytest

from actions.anthropic.streaming_chat_completion import StreamingChatCompletion
from actions.contract.connection import ConnectionFacts

DEFAULTS = {"context": None, "prompt_template": None, "temperature": None, "effort": None, "thinking": None}


def facts(version: str = "2026-10-21", host: str = "api.anthropic.com", simulator: bool = False) -> ConnectionFacts:
    settings = {"base_url": f"https://{host}", "api_version": version, "time_limit_s": 600}
    return ConnectionFacts("c1", "Anthropic", "anthropic", settings, usable=True, simulator=simulator)


def checked(**known: Any) -> list[tuple[str, str | None, str]]:
    given = {"connection": facts(), "model_id": "claude-sonnet-4-6", "max_completion_tokens": 100, **DEFAULTS}
    problems = StreamingChatCompletion.check({**given, **known})
    return [(problem.code, problem.property, problem.severity) for problem in problems]


def warned(code: str, name: str) -> list[tuple[str, str | None, str]]:
    return [(code, name, "warning")]


TOLD: dict[str, tuple[dict[str, Any], list[tuple[str, str | None, str]]]] = {
    "all is well": ({}, []),
    "temperature": (
        {"temperature": 0.2, "model_id": "claude-sonnet-5-5"},
        warned("temperature_not_sent", "temperature"),
    ),
    "temperature that is taken": ({"temperature": 0.2}, []),
    "effort": ({"effort": "low", "model_id": "claude-haiku-4-5"}, warned("effort_not_sent", "effort")),
    "thinking": ({"thinking": "off", "model_id": "claude-opus-5-5"}, warned("thinking_not_sent", "thinking")),
    "less thinking": ({"thinking": "off", "model_id": "claude-sonnet-5-5"}, warned("thinking_changed", "thinking")),
    "too many tokens": (
        {"max_completion_tokens": 200_000},
        warned("too_many_tokens", "max_completion_tokens"),
    ),
    "a retired model": ({"model_id": "claude-3-5-sonnet-latest"}, [("model_retired", "model_id", "error")]),
    "a model that will be retired": ({"model_id": "claude-sonnet-4-5"}, warned("model_retired", "model_id")),
    "an old name behind a gateway": (
        {"model_id": "claude-3-5-sonnet-latest", "connection": facts(host="gateway.example")},
        warned("model_retired", "model_id"),
    ),
    "an unknown model": ({"model_id": "house-model"}, []),
    "a template without the prompt": (
        {"prompt_template": "Hello"},
        warned("prompt_not_in_template", "prompt_template"),
    ),
    "a template without the context": (
        {"prompt_template": "@@userPrompt", "context": "Blue."},
        warned("context_not_in_template", "prompt_template"),
    ),
    "a template without the context, which is sent to be cited": (
        {"prompt_template": "@@userPrompt", "context": "Blue.", "citations": True},
        [],
    ),
    "citations and JSON": (
        {"citations": True, "response_format": {"type": "object", "properties": {"a": {"type": "string"}}}},
        warned("citations_not_sent", "citations"),
    ),
    "a response format that is none": (
        {"response_format": {"type": "sentence"}},
        [("invalid_response_format", "response_format", "error")],
    ),
    "a template for a context that is not set": (
        {"prompt_template": "@@context @@userPrompt"},
        warned("context_not_set", "prompt_template"),
    ),
    "an unknown token": (
        {"prompt_template": "@@userPrompt @@history"},
        warned("unknown_token", "prompt_template"),
    ),
    "a good template": ({"prompt_template": "@@context @@userPrompt", "context": "Blue."}, []),
}


@pytest.mark.parametrize(("known", "problems"), TOLD.values(), ids=TOLD.keys())
def test_what_does_not_fit_is_told_at_its_field(
    known: dict[str, Any], problems: list[tuple[str, str | None, str]]
) -> None:
    assert checked(**known) == problems


def test_a_context_that_is_bound_to_a_variable_is_a_context() -> None:
    known = {"prompt_template": "@@context @@userPrompt", "model_id": "claude-sonnet-4-6"}
    assert list(StreamingChatCompletion.check(known)) == []


def test_without_a_connection_nothing_is_said_of_the_model() -> None:
    assert list(StreamingChatCompletion.check({"model_id": "claude-3-opus", "temperature": 1})) == []
