"""Reads values out of JSON that may have any shape: what is absent or of another type is an empty value."""

from collections.abc import Iterator
from typing import Any


def find_value(value: Any, *path: str | int) -> Any:
    """Return what lies at the path; None when there is nothing."""
    for key in path:
        if isinstance(value, dict) and isinstance(key, str):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and len(value) > key:
            value = value[key]
        else:
            return None
    return value


def read_text(value: Any, *path: str | int) -> str:
    """Return the text at the path, a number as its text; empty for everything else."""
    found = find_value(value, *path)
    if isinstance(found, str):
        return found
    return str(found) if isinstance(found, int | float) and not isinstance(found, bool) else ""


def read_object(value: Any, *path: str | int) -> dict[str, Any]:
    found = find_value(value, *path)
    return found if isinstance(found, dict) else {}


def read_objects(value: Any, *path: str | int) -> list[dict[str, Any]]:
    """Return the objects of the list at the path."""
    return [item for item in read_list(value, *path) if isinstance(item, dict)]


def read_list(value: Any, *path: str | int) -> list[Any]:
    found = find_value(value, *path)
    return found if isinstance(found, list) else []


def read_number(value: Any, *path: str | int) -> float | None:
    """Return the number at the path, also one that is written as a text; None for everything else."""
    text = read_text(value, *path).strip()
    try:
        number = float(text[:40])
    except ValueError:
        return None
    return number if abs(number) < 1e12 else None  # so is no infinity, and no text that says "nan"


def iterate_texts(value: Any) -> Iterator[str]:
    """Yield every text in a value, at any depth."""
    todo = [value]
    while todo:
        part = todo.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            todo.extend(part.values())
        elif isinstance(part, list):
            todo.extend(part)


def measure_depth(value: Any) -> int:
    """Return how many objects and lists lie in one another, plus one."""
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [
            item
            for part in level
            if isinstance(part, dict | list)
            for item in (part.values() if isinstance(part, dict) else part)
        ]
    return depth
