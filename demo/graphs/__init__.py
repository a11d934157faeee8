"""The graphs of the demo, as JSON beside this file: the smallest flow that streams, and the whole reference flow."""

import json
from pathlib import Path
from typing import Any


def load_graph(name: str, **values: str) -> Any:
    """Return the graph of `NAME.json`, in which each text `"$key"` is replaced by the value of that key.

    Raises KeyError when a value that the graph needs is missing.
    """
    text = (Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8")
    return _replace_values(json.loads(text), values)


def _replace_values(part: Any, values: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {name: _replace_values(item, values) for name, item in part.items()}
    if isinstance(part, list):
        return [_replace_values(item, values) for item in part]
    return values[part[1:]] if isinstance(part, str) and part.startswith("$") else part
