"""Translates the expressions of n8n that name a value; others, which are programs, stay as they are."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from foreign_flows.texts import escape_braces, join_path, quote, replace_segments

_PATH = r"""((?:\??\.[A-Za-z_$][\w$]*|\[(?:\d+|"[^"\]]*"|'[^'\]]*')\])*)"""
_ENV = re.compile(r"\$(?:env|vars)\.([A-Za-z_]\w*)")
_ITEM = r"(?:\.item|\.first\(\)|\.last\(\)|\.itemMatching\(0\))"
_REFERENCES = (
    re.compile(r"\$json" + _PATH),
    re.compile(rf"\$input{_ITEM}\.json" + _PATH),
    re.compile(rf"""\$\(\s*(?P<quote>["'])(?P<node>[^"']{{1,200}})(?P=quote)\s*\){_ITEM}\.json""" + _PATH),
    re.compile(r"""\$node\[(?P<quote>["'])(?P<node>[^"']{1,200})(?P=quote)\]\.json""" + _PATH),
)
_KEY = re.compile(r"""\.([A-Za-z_$][\w$]*)|\[(?:(\d+)|"([^"\]]*)"|'([^'\]]*)')\]""")

ReadOutput = Callable[[list[str]], str | None]
"""Returns the expression for what lies at the keys of a node's output; None when it has no counterpart."""


@dataclass(slots=True)
class Expressions:
    """What the nodes of one workflow give, by their names."""

    outputs: dict[str, ReadOutput] = field(default_factory=dict)
    previous: dict[str, str] = field(default_factory=dict)
    """By the name of a node, the node whose output is its input."""

    def translate(self, text: str, node: str) -> tuple[str, list[str]]:
        """Return the text of a field of the node as it is written here, and the expressions that are not translated."""
        if not text.startswith("="):
            return escape_braces(text), []
        return replace_segments(text[1:], lambda inner: self._translate_reference(inner, node))

    def _translate_reference(self, source: str, node: str) -> str | None:
        if variable := _ENV.fullmatch(source):
            return f"env.{variable[1]}"
        for pattern in _REFERENCES:
            if match := pattern.fullmatch(source):
                named = match.groupdict().get("node")
                read_output = self.outputs.get(named or self.previous.get(node, ""))
                return read_output(_split_path(match.groups()[-1])) if read_output else None
        return None


def _split_path(path: str) -> list[str]:
    return [next(key for key in match.groups() if key is not None) for match in _KEY.finditer(path)]


def read_variable(variable: str) -> ReadOutput:
    """Return the reader of an output that is one variable."""
    return lambda keys: join_path(variable, keys)


def read_chat(keys: list[str]) -> str | None:
    """Read what the chat trigger gives."""
    fields = {"chatInput": "prompt", "sessionId": "session_id"}
    return f"chatCompletionRequest.{fields[keys[0]]}" if len(keys) == 1 and keys[0] in fields else None


def read_webhook(keys: list[str]) -> str | None:
    """Read what a webhook gives: the body is the request, and nothing else of the call is known."""
    return join_path("request", keys[1:]) if keys and keys[0] == "body" else None


def read_call(keys: list[str]) -> str | None:
    """Read what another trigger gives: all of it is the request."""
    return join_path("request", keys)


def read_answer_text(variable: str) -> ReadOutput:
    """Return the reader of a model's output: whatever the field is called, it is the text."""
    return lambda keys: f"{variable}.text"


def read_parsed_answer(variable: str) -> ReadOutput:
    """Return the reader of the output of a model whose answer fits a schema: it lies in `output`."""
    return lambda keys: join_path(f"{variable}.parsed", keys[1:]) if keys[:1] == ["output"] else f"{variable}.text"


def read_http_answer(variable: str) -> ReadOutput:
    return lambda keys: join_path(f"{variable}.body", keys)


def read_variables(names: dict[str, str], *, is_whole: bool) -> ReadOutput:
    """Return the reader of the output of fields that are variables of their own, by the names of the fields.

    `is_whole` says that the output has no other fields: then all of it can be read, too.
    """
    whole = ", ".join(f"{quote(name)}: {variable}" for name, variable in names.items())

    def read(keys: list[str]) -> str | None:
        if not keys:
            return f"{{{whole}}}" if is_whole and names else None
        return join_path(names[keys[0]], keys[1:]) if keys[0] in names else None

    return read
