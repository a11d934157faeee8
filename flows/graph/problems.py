"""What is wrong with a graph, said so that a builder can put it right. Pure."""

from dataclasses import asdict, dataclass
from typing import Any

from pydantic import ValidationError

from actions.contract.errors import Severity


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a graph."""

    code: str
    """The kind of problem, stable and for programs."""
    message: str
    """What is wrong, in a sentence."""
    node: str | None = None
    """The id of the node that it is about."""
    edge: str | None = None
    """The id of the edge that it is about."""
    property: str | None = None
    """The name of the node's property that it is about."""
    severity: Severity = "error"
    """An error keeps the flow from running, a warning does not."""
    hint: str | None = None
    """What the builder can do about it."""
    column: int | None = None
    """Where in the property's text the problem is, counted from 1."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def describe_property_error(title: str, error: ValidationError) -> str:
    """Return one plain sentence for the first thing that is wrong with a value. It never quotes the value."""
    first = error.errors(include_url=False, include_input=False)[0]
    limits = first.get("ctx", {})
    sentences = {
        "greater_than_equal": f"{title} must be at least {limits.get('ge')}.",
        "less_than_equal": f"{title} must be at most {limits.get('le')}.",
        "literal_error": f"{title} must be {limits.get('expected')}.",
        "string_type": f"{title} must be a text.",
        "bool_type": f"{title} must be true or false.",
        "int_type": f"{title} must be a whole number.",
        "int_parsing": f"{title} must be a whole number.",
        "int_from_float": f"{title} must be a whole number.",
        "float_type": f"{title} must be a number.",
        "float_parsing": f"{title} must be a number.",
        "list_type": f"{title} must be a list.",
        "dict_type": f"{title} must be a JSON object.",
        "string_pattern_mismatch": f"{title} takes letters, digits and _, and does not begin with a digit.",
    }
    return sentences.get(first["type"], f"{title}: {first['msg'].removeprefix('Value error, ').rstrip('.')}.")
