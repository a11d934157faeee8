"""What can be said of a chat completion's properties before any run. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from actions.anthropic.models import ANTHROPIC_HOST, describe_retirement, describe_token_excess
from actions.anthropic.request.build import list_settings
from actions.anthropic.request.prompt import ANY_TOKEN, TOKENS
from actions.anthropic.request.structured import build_output_format
from actions.contract.connection import ConnectionFacts
from actions.contract.errors import ActionError, Problem


def find_problems(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the properties that are fixed in the flow."""
    yield from _check_template(values)
    yield from _check_response_format(values)
    connection = values.get("connection")
    if isinstance(values.get("model_id"), str) and isinstance(connection, ConnectionFacts):
        yield from _check_model(values, connection)


def _check_template(values: Mapping[str, Any]) -> Iterator[Problem]:
    template = values.get("prompt_template")
    if not isinstance(template, str) or not template:
        return
    used = set(ANY_TOKEN.findall(template))
    for unknown in sorted(used - set(TOKENS)):
        yield _warn("unknown_token", f"{unknown} is no token, so it is sent as text.", f"Use {' or '.join(TOKENS)}.")
    if "@@userPrompt" not in used:
        message = "The template has no @@userPrompt, so the user's message is not sent."
        yield _warn("prompt_not_in_template", message, "Add @@userPrompt.")
    has_context = "context" not in values or values["context"] not in (None, "")
    has_citations = values.get("citations") is True  # search results are sent beside the text then
    if has_context and "@@context" not in used and not has_citations:
        yield _warn("context_not_in_template", "The template has no @@context, so Context is not sent.", "Add it.")
    if not has_context and "@@context" in used:
        message = "The template has @@context, but Context is not set: it is replaced by nothing."
        yield _warn("context_not_set", message, "Set Context.")


def _check_response_format(values: Mapping[str, Any]) -> Iterator[Problem]:
    schema = values.get("response_format")
    if not isinstance(schema, Mapping):
        return
    try:
        build_output_format(schema)
    except ActionError as error:
        yield Problem(error.code, error.message, "response_format", error.hint)


def _check_model(values: Mapping[str, Any], connection: ConnectionFacts) -> Iterator[Problem]:
    model_id = values["model_id"]
    if retired := describe_retirement(model_id):
        # A gateway may give an old name to a new model; Anthropic itself answers 404.
        certain = " retires " not in retired and _is_anthropic(connection)
        hint = "Choose a model from the connection's list."
        yield Problem("model_retired", retired, "model_id", hint, "error" if certain else "warning")
    for setting in list_settings(dict(values)):
        if setting.rule.note:
            code = get_warning_code(setting.property, setting.rule.sent)
            yield Problem(code, setting.rule.note, setting.property, setting.rule.hint, "warning")
    max_tokens = values.get("max_completion_tokens")
    if isinstance(max_tokens, int) and (note := describe_token_excess(model_id, max_tokens)):
        yield Problem("too_many_tokens", note, "max_completion_tokens", "Lower it.", "warning")


def get_warning_code(name: str, sent: bool) -> str:
    return f"{name}_changed" if sent else f"{name}_not_sent"


def _is_anthropic(connection: ConnectionFacts) -> bool:
    host = urlsplit(str(connection.settings.get("base_url", ""))).hostname
    return connection.simulator or host == ANTHROPIC_HOST


def _warn(code: str, message: str, hint: str) -> Problem:
    return Problem(code, message, "prompt_template", hint, "warning")
