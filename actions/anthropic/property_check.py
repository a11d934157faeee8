"""What can be said of a chat completion's properties before any run. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from actions.anthropic.models import max_tokens_note, retirement_note
from actions.anthropic.request.build import settings_of
from actions.anthropic.request.prompt import ANY_TOKEN, TOKENS
from actions.anthropic.request.structured import output_format
from actions.contract.connection import ConnectionFacts
from actions.contract.errors import ActionError, Problem

ANTHROPIC_HOST = "api.anthropic.com"


def problems_of(known: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the properties that are fixed in the flow."""
    yield from _template(known)
    yield from _response_format(known)
    connection = known.get("connection")
    if isinstance(known.get("model_id"), str) and isinstance(connection, ConnectionFacts):
        yield from _model(known, connection)


def _template(known: Mapping[str, Any]) -> Iterator[Problem]:
    template = known.get("prompt_template")
    if not isinstance(template, str) or not template:
        return
    used = set(ANY_TOKEN.findall(template))
    for unknown in sorted(used - set(TOKENS)):
        yield _warning("unknown_token", f"{unknown} is no token, so it is sent as text.", f"Use {' or '.join(TOKENS)}.")
    if "@@userPrompt" not in used:
        message = "The template has no @@userPrompt, so the user's message is not sent."
        yield _warning("prompt_not_in_template", message, "Add @@userPrompt.")
    has_context = "context" not in known or known["context"] not in (None, "")
    cited = known.get("citations") is True  # search results are sent beside the text then
    if has_context and "@@context" not in used and not cited:
        yield _warning("context_not_in_template", "The template has no @@context, so Context is not sent.", "Add it.")
    if not has_context and "@@context" in used:
        message = "The template has @@context, but Context is not set: it is replaced by nothing."
        yield _warning("context_not_set", message, "Set Context.")


def _response_format(known: Mapping[str, Any]) -> Iterator[Problem]:
    schema = known.get("response_format")
    if not isinstance(schema, Mapping):
        return
    try:
        output_format(schema)
    except ActionError as error:
        yield Problem(error.code, error.message, "response_format", error.hint)


def _model(known: Mapping[str, Any], connection: ConnectionFacts) -> Iterator[Problem]:
    model_id = known["model_id"]
    if retired := retirement_note(model_id):
        # A gateway may give an old name to a new model; Anthropic itself answers 404.
        certain = " retires " not in retired and _is_anthropic(connection)
        hint = "Choose a model from the connection's list."
        yield Problem("model_retired", retired, "model_id", hint, "error" if certain else "warning")
    for setting in settings_of(dict(known), str(connection.settings.get("api_version"))):
        if setting.rule.note:
            code = code_of(setting.property, setting.rule.sent)
            yield Problem(code, setting.rule.note, setting.property, setting.rule.hint, "warning")
    asked = known.get("max_completion_tokens")
    if isinstance(asked, int) and (note := max_tokens_note(model_id, asked)):
        yield Problem("too_many_tokens", note, "max_completion_tokens", "Lower it.", "warning")


def code_of(name: str, sent: bool) -> str:
    return f"{name}_changed" if sent else f"{name}_not_sent"


def _is_anthropic(connection: ConnectionFacts) -> bool:
    host = urlsplit(str(connection.settings.get("base_url", ""))).hostname
    return connection.simulator or host == ANTHROPIC_HOST


def _warning(code: str, message: str, hint: str) -> Problem:
    return Problem(code, message, "prompt_template", hint, "warning")
