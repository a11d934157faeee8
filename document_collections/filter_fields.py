"""The fields that filters can use: which metadata the chunks of a document have, each with an example. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

FIELD_NAME = re.compile(r"[A-Za-z_]\w*")
MAX_FIELDS = 50
"""How many fields are kept of one document."""
MAX_DEPTH = 3
"""How deep a field may lie in others, as `a.b.c` does."""
MAX_EXAMPLE_CHARACTERS = 60

Fields = dict[str, Any]
"""The names of fields with the first value of each: a text, a number, true or false, or null for any other."""


def add_fields(fields: Fields, metadata: Iterable[Mapping[str, Any]]) -> Fields:
    """Return the fields with those of the metadata of more chunks. What a filter cannot name is left out."""
    found = dict(fields)
    seen: set[int] = set()
    for each in metadata:
        if id(each) not in seen:  # many chunks share one object
            seen.add(id(each))
            for name, value in _list_fields(each):
                if name in found or len(found) < MAX_FIELDS:
                    found.setdefault(name, value)
    return found


def merge_fields(documents: Iterable[Fields]) -> Fields:
    """Return the fields of several documents, those that most of them have first."""
    counts: dict[str, int] = {}
    examples: Fields = {}
    for fields in documents:
        for name, example in fields.items():
            counts[name] = counts.get(name, 0) + 1
            examples.setdefault(name, example)
    names = sorted(counts, key=lambda name: (-counts[name], name))
    return {name: examples[name] for name in names}


def _list_fields(metadata: Mapping[str, Any], prefix: str = "", depth: int = 1) -> Iterator[tuple[str, Any]]:
    for name, value in metadata.items():
        if not FIELD_NAME.fullmatch(name):
            continue
        if isinstance(value, Mapping):
            if depth < MAX_DEPTH:
                yield from _list_fields(value, f"{prefix}{name}.", depth + 1)
        else:
            yield f"{prefix}{name}", shorten_example(value)


def shorten_example(value: Any) -> Any:
    """Return the value when it is a short scalar, else None."""
    if isinstance(value, str):
        return value if len(value) <= MAX_EXAMPLE_CHARACTERS else None
    return value if isinstance(value, bool | int | float) else None
