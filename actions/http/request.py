"""Call an HTTP address and keep the answer."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from math import ceil
from typing import Annotated, Any, Literal

import httpx2
from pydantic import Field, JsonValue, StringConstraints
from pydantic_core import to_json

from actions.contract.action import Action, ActionContext, Output
from actions.contract.errors import ActionError, Problem
from actions.contract.json_values import NoJsonValue, parse_json_value, replace_bad_characters
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import LITERAL, TEXT_MODES, Ref, Text, VariableName
from actions.contract.records import Record, RecordField, RecordType, render
from actions.contract.sizes import MEGABYTE
from actions.contract.steps import Log, Result, Step
from actions.http.answer_text import read_text
from actions.http.client import fetch
from actions.http.connection import HttpConnection
from actions.http.headers import is_framing_header
from actions.network.policy import NetworkPolicy
from actions.network.retry_after import read_retry_after

HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$")]
REPEATABLE_METHODS = frozenset({"GET", "HEAD", "PUT", "DELETE"})
TRANSIENT_STATUSES = frozenset({429, 502, 503, 504})
MAX_PAUSE_S = 10.0

HTTP_ANSWER = RecordType(
    "http_answer",
    "HTTP answer",
    (
        RecordField("status", "integer", "The status, such as 200."),
        RecordField("headers", "any", "The headers of the answer, names in lower case."),
        RecordField("body", "any", "The parsed JSON when the answer is JSON, else its text."),
        RecordField("text", "text", "The answer as text."),
    ),
)


class HttpAnswer(Record):
    record_type = HTTP_ANSWER


class HttpRequestProperties(ActionProperties):
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] = prop(
        "What to do.",
        default="GET",
        modes=LITERAL,
        port=False,
        choices={name: name for name in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")},
    )
    url: Text = prop("The address, or with a connection the path behind its base URL.", widget="template")
    connection: Ref[HttpConnection] | None = prop(
        "Proves who calls. Without one, the call is anonymous.", default=None, port=False
    )
    headers: Annotated[dict[HeaderName, JsonValue], Field(max_length=50)] = prop(
        'Names and values, such as {"Accept": "application/json"}. Texts may hold {{ expressions }}.',
        default={},
        port=False,
    )
    body: Any = prop(
        "What is sent: a text as it is, anything else as JSON.", default=None, modes=TEXT_MODES, widget="template"
    )
    timeout: float = prop(
        "How long the call may take in all.", default=30, ge=0.1, le=600, unit="s", section="Limits", port=False
    )
    max_size: int = prop(
        "The largest answer that is read.", default=5, ge=1, le=50, unit="MB", section="Limits", port=False
    )
    retries: int = prop(
        "How often a call that failed in passing is repeated.", default=0, ge=0, le=5, section="Limits", port=False
    )
    fail_on_error: bool = prop(
        "Whether a status of 400 or more fails the run here.", default=True, section="Limits", port=False
    )
    result_variable_name: VariableName = prop("Variable that holds the answer.", default="answer", port=False)


class HttpRequest(Action[HttpRequestProperties]):
    """Call an HTTP address and keep its answer."""

    type = "http.request"
    title = "HTTP request"
    family = "http"
    output = Output(HTTP_ANSWER, name="result_variable_name")
    width = 212

    async def run(self, properties: HttpRequestProperties, context: ActionContext) -> AsyncIterator[Step]:
        policy = context.services.get(NetworkPolicy)
        for attempt in range(properties.retries + 1):
            request = _build_request(properties)
            is_last = attempt == properties.retries
            try:
                answer = await _send(properties, request, policy)
            except ActionError as error:
                if is_last or error.code != "http_unreachable":
                    raise
                reason = error.message
            else:
                if (
                    is_last
                    or properties.method not in REPEATABLE_METHODS
                    or answer.status_code not in TRANSIENT_STATUSES
                ):
                    break
                reason = f"The answer has status {answer.status_code}."
            pause = min(0.5 * 2**attempt, MAX_PAUSE_S)
            yield Log(f"{reason} The call is repeated after {pause:g} s.", "warning")
            await asyncio.sleep(pause)
        yield Result(_read_answer(properties, answer))

    @classmethod
    def check(cls, known: Mapping[str, Any]) -> Iterable[Problem]:
        url, connection = known.get("url"), known.get("connection")
        if isinstance(url, str) and connection is None and "connection" in known and not _is_absolute(url):
            yield Problem("invalid_value", "URL does not begin with https:// or http://.", "url", "Write it in full.")
        if isinstance(url, str) and connection is not None and _is_absolute(url):
            message = "With a connection, URL is a path behind its base URL."
            yield Problem("invalid_value", message, "url", "Write it from the / on, such as /v1/orders.")


async def _send(properties: HttpRequestProperties, request: httpx2.Request, policy: NetworkPolicy) -> httpx2.Response:
    connection = properties.connection
    secrets = frozenset(name.lower() for name in connection.build_headers()) if connection else frozenset[str]()
    size = properties.max_size * MEGABYTE
    return await fetch(request, policy, timeout_s=properties.timeout, most_bytes=size, secrets=secrets)


def _build_request(properties: HttpRequestProperties) -> httpx2.Request:
    """Build the call; raises ActionError when the address or a header cannot be sent."""
    headers = {name: render(value) for name, value in properties.headers.items()}
    if own := next((name for name in headers if is_framing_header(name)), None):
        raise ActionError("invalid_value", f"The header {own} is set by the call itself.", "Remove it.")
    if not all(value.isprintable() and value.isascii() for value in headers.values()):
        raise ActionError("invalid_value", "A header holds a line break or a letter outside ASCII.", "Remove it.")
    content = _encode_body(properties.body)
    if content and not isinstance(properties.body, str):
        headers.setdefault("Content-Type", "application/json")
    if properties.connection:
        headers |= properties.connection.build_headers()
    url = _build_url(properties.url.strip(), properties.connection)
    try:
        return httpx2.Request(
            properties.method, url, headers={"Accept-Encoding": "identity", **headers}, content=content
        )
    except (ValueError, TypeError, httpx2.InvalidURL):
        raise ActionError("invalid_value", "URL is not an address that can be called.", "Check it.") from None


def _encode_body(body: Any) -> bytes | None:
    if body is None or body == "":
        return None
    return body.encode() if isinstance(body, str) else to_json(body)


def _build_url(url: str, connection: HttpConnection | None) -> str:
    if connection is None:
        if not _is_absolute(url):
            raise ActionError("invalid_value", "URL does not begin with https:// or http://.", "Write it in full.")
        return url
    # Only a path: a whole address, or one that begins with //, could name another host.
    if not url.startswith("/") or url.startswith("//") or "\\" in url:
        message = "With a connection, URL is a path behind its base URL."
        raise ActionError("invalid_value", message, "Write it from the / on, such as /v1/orders.")
    return f"{connection.base_url}{url}"


def _is_absolute(url: str) -> bool:
    return url.lower().startswith(("https://", "http://"))


def _read_answer(properties: HttpRequestProperties, answer: httpx2.Response) -> HttpAnswer:
    if properties.fail_on_error and answer.status_code >= 400:
        host = answer.request.url.host
        message = f"{host} answered with status {answer.status_code}."
        is_transient = answer.status_code in TRANSIENT_STATUSES
        pause_s = read_retry_after(answer.headers) if is_transient else None
        raise ActionError(
            "http_status",
            message,
            is_retryable=is_transient,
            retry_after_s=None if pause_s is None else ceil(pause_s),
        )
    text = replace_bad_characters(read_text(answer))
    return HttpAnswer(
        status=answer.status_code,
        headers=_read_headers(answer),
        body=_parse_body(answer.headers.get("content-type", ""), text),
        text=text,
    )


def _read_headers(answer: httpx2.Response) -> dict[str, str]:
    return {
        replace_bad_characters(name.lower()): replace_bad_characters(value) for name, value in answer.headers.items()
    }


def _parse_body(content_type: str, text: str) -> Any:
    if "json" not in content_type.lower():
        return text
    try:
        return parse_json_value(text)
    except NoJsonValue:
        return text
