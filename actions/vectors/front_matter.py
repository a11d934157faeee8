"""Reads the front matter of a Markdown text: YAML between `---`, TOML between `+++`. Pure."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

FRONT_MATTER = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*\n(.*?\n)?(\1|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
NAME = re.compile(r"[A-Za-z_][\w-]{0,49}")
ENTRY = re.compile(rf"({NAME.pattern})[ \t]*:[ \t]+(\S.*)|{NAME.pattern}[ \t]*:[ \t]*$")
MAX_VALUE_CHARACTERS = 200
MAX_FRONT_MATTER_CHARACTERS = 20_000
RESERVED_NAMES = frozenset(("source", "page", "heading", "invisible", "document", "text", "score", "metadata"))
WORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None, "~": None}


def split_front_matter(text: str) -> tuple[dict[str, Any], str, str]:
    """Return the simple entries of the front matter, its lines, and the text behind it.

    Texts, numbers, true, false and flat lists of them are simple. Other entries, and those with names that chunks have
    already, are left out.
    """
    match = FRONT_MATTER.match(text[:MAX_FRONT_MATTER_CHARACTERS])
    if match is None:
        return {}, "", text
    lines = match[2] or ""
    entries = dict(_read_toml(lines) if match[1] == "+++" else _read_yaml(lines))
    if lines.strip() and not entries:
        return {}, "", text  # a text between two rules
    values = {name: value for name, value in entries.items() if name.lower() not in RESERVED_NAMES}
    return {name: value for name, value in values.items() if not isinstance(value, _Other)}, lines, text[match.end() :]


class _Other:
    """The value of an entry that is not simple."""


def _read_toml(lines: str) -> Iterator[tuple[str, Any]]:
    try:
        values = tomllib.loads(lines)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    for name, value in values.items():
        items = [_simplify(item) for item in value] if isinstance(value, list) else [_simplify(value)]
        is_simple = bool(NAME.fullmatch(name)) and not any(isinstance(item, _Other) for item in items)
        yield name, (items if isinstance(value, list) else items[0]) if is_simple else _Other()


def _simplify(value: Any) -> Any:
    """Return a value of TOML; a date as text."""
    if isinstance(value, (dict, list)):
        return _Other()
    return value if isinstance(value, (bool, int, float)) else str(value)[:MAX_VALUE_CHARACTERS]


def _read_yaml(lines: str) -> Iterator[tuple[str, Any]]:
    """Yield the entries. One that is no YAML, such as `title: a: b`, is read as plain text and loses no other one."""
    for block in re.split(r"^(?=[^\s#-])", lines, flags=re.MULTILINE):
        entry = ENTRY.match(block.partition("\n")[0].rstrip())
        if entry is None:
            continue
        name = (NAME.match(block) or entry)[0]
        try:
            yield name, _read_value(block)
        except (yaml.YAMLError, ValueError):
            yield name, entry[2][:MAX_VALUE_CHARACTERS] if entry[2] else _Other()


def _read_value(block: str) -> Any:
    """Return the value of an entry. It is read by events: nothing is built of what is nested, and nothing grows."""
    events = [event for event in yaml.parse(block, yaml.CSafeLoader) if not isinstance(event, yaml.DocumentEndEvent)]
    value = events[4:-2]  # behind the beginnings of the stream, the text and the mapping, and the name
    if len(value) == 1 and isinstance(value[0], yaml.ScalarEvent):
        return _read_scalar(value[0]) if value[0].value else _Other()
    items = [item for item in value[1:-1] if isinstance(item, yaml.ScalarEvent)]
    is_list = isinstance(value[0], yaml.SequenceStartEvent) and isinstance(value[-1], yaml.SequenceEndEvent)
    return [_read_scalar(item) for item in items] if is_list and len(items) == len(value) - 2 else _Other()


def _read_scalar(event: yaml.ScalarEvent) -> Any:
    """Return a number or a word only where it is written plainly, and as JSON has it: `no` and `1:30` are texts."""
    text = event.value
    if event.implicit[0]:
        if text in WORDS:
            return WORDS[text]
        if re.fullmatch(r"-?\d{1,15}", text):
            return int(text)
        if re.fullmatch(r"-?\d{1,15}\.\d{1,15}", text):
            return float(text)
    return text.strip()[:MAX_VALUE_CHARACTERS]
