"""Texts with `{{ expression }}` in them, and expressions made of them."""

import json
import re
from collections.abc import Callable, Iterator
from html import unescape

MAX_SEGMENT_CHARACTERS = 2_000
"""A longer piece between braces is no reference to a value."""
MAX_FILLED_CHARACTERS = 100_000
"""Of what fills the holes of one prompt."""
_HOLE = re.compile(r"\{([A-Za-z_]\w{0,60})\}")
_TAG = re.compile(r"<[^<>]*>")
_BLOCK_END = re.compile(r"</(?:p|div|li|h[1-6])>|<br\s*/?>", re.IGNORECASE)
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def quote(text: str) -> str:
    """Return a text as a literal of an expression."""
    return json.dumps(text, ensure_ascii=False)


def join_path(variable: str, keys: list[str]) -> str:
    """Return the expression for what lies at the keys of a variable."""
    parts = [f".{key}" if _IDENTIFIER.fullmatch(key) else f"[{_write_key(key)}]" for key in keys]
    return variable + "".join(parts)


def _write_key(key: str) -> str:
    return key if key.isdigit() else quote(key)


def embed(expression: str) -> str:
    """Return a text that is the value of an expression."""
    return f"{{{{ {expression} }}}}"


def escape_braces(text: str) -> str:
    """Return the text so that `{{` in it begins no expression."""
    return text.replace("{{", embed(quote("{{"))) if "{{" in text else text


def _iterate_segments(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each `{{ … }}` begins and ends. No part of the text is looked at twice."""
    start = text.find("{{")
    while start >= 0:
        end = text.find("}}", start + 2)
        if end < 0:
            return
        yield start, end + 2
        start = text.find("{{", end + 2)


def replace_segments(text: str, translate: Callable[[str], str | None]) -> tuple[str, list[str]]:
    """Return the text with its `{{ … }}` translated, and those that `translate` does not know: they stay."""
    parts, unknown, done = list[str](), list[str](), 0
    for start, end in _iterate_segments(text):
        inner = text[start + 2 : end - 2].strip()
        found = translate(inner) if len(inner) <= MAX_SEGMENT_CHARACTERS else None
        if found is None:
            unknown.append(inner[:60])
        parts += [text[done:start], text[start:end] if found is None else embed(found)]
        done = end
    return "".join([*parts, text[done:]]), unknown


def fill_holes(template: str, find: Callable[[str], str | None]) -> tuple[str, list[str]]:
    """Return a template with what fills its `{name}`, and the names that nothing fills: they stay.

    What would make the text longer than MAX_FILLED_CHARACTERS stays, too: templates can fill each other.
    """
    room = MAX_FILLED_CHARACTERS
    unknown: list[str] = []

    def replace(match: re.Match[str]) -> str:
        nonlocal room
        found = find(match[1])
        if found is None or len(found) > room:
            unknown.append(match[1])
            return match[0]
        room -= len(found)
        return found

    return _HOLE.sub(replace, template), unknown


def read_expression(text: str) -> str | None:
    """Return the expression that a text is the value of; None when the text is more than one `{{ … }}`, or less."""
    text = text.strip()
    whole = next(_iterate_segments(text), None) == (0, len(text))
    return text[2:-2].strip() if whole else None


def build_expression(text: str) -> str:
    """Return the expression that gives what the text gives."""
    single = read_expression(text)
    if single is not None:
        return single
    parts, done = list[str](), 0
    for start, end in _iterate_segments(text):
        parts += [quote(text[done:start])] if start > done else []
        parts.append(f"string({text[start + 2 : end - 2].strip()})")
        done = end
    parts += [quote(text[done:])] if done < len(text) or not parts else []
    return " + ".join(parts)


def strip_tags(text: str) -> str:
    """Return the text of a piece of HTML, as the editors of some tools write their fields."""
    if "<" not in text:
        return text
    return unescape(_TAG.sub("", _BLOCK_END.sub("\n", text))).strip()
