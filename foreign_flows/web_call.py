"""The card of a call to a web service."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from actions.contract.json_values import NoJsonValue, parse_json_value
from foreign_flows.draft import Ask, Card, Step
from foreign_flows.reading import measure_depth

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
MAX_BODY_DEPTH = 20
MAX_HEADERS = 50
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")


@dataclass(slots=True)
class WebCall:
    """A call, its texts with `{{ … }}` in them."""

    url: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    """The fields of a JSON body."""
    body: str = ""
    """A body as a text; JSON when it is that."""
    has_secret: bool = False
    """Whether the tool proves with a credential who calls."""


def add_call_card(step: Step, call: WebCall, answer: str) -> None:
    """Give the step the card of the call; its answer is in the variable `answer`."""
    properties: dict[str, Any] = {"title": step.title, "result_variable_name": answer, "url": _add_query(call)}
    method = call.method.upper()
    if method in METHODS:
        properties["method"] = method
    else:
        step.change(f"There is no method {method[:20]!r} here.")
    headers = {name: value for name, value in call.headers.items() if _is_header_name(name)}
    if headers:
        properties["headers"] = dict(list(headers.items())[:MAX_HEADERS])
    if call.fields:
        properties["body"] = dict(call.fields)
    elif call.body.strip():
        properties["body"] = _read_body(call.body)
    if call.has_secret:
        properties["connection"] = Ask("connection", step.title, "http")
        step.change("With a connection, URL is the path behind its base URL.")
    step.cards.append(Card("http.request", properties))


def _is_header_name(name: str) -> bool:
    return _HEADER_NAME.fullmatch(name) is not None


def _add_query(call: WebCall) -> str:
    if not call.query:
        return call.url
    pairs = [f"{quote(name, safe='')}={value if '{{' in value else quote(value)}" for name, value in call.query.items()]
    return f"{call.url}{'&' if '?' in call.url else '?'}{'&'.join(pairs)}"


def _read_body(text: str) -> Any:
    """Return the JSON that the text is, so that it is sent as such; else the text."""
    try:
        value = parse_json_value(text)
    except NoJsonValue:
        return text
    return value if isinstance(value, dict | list) and measure_depth(value) <= MAX_BODY_DEPTH else text
