"""Tells before a run that a property cannot take a variable, by the rule that the run itself applies. Pure.

The property is given a sample of the variable's type. The sample is the one of its type that most properties take: what
refuses it refuses every value of the type.
"""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from actions.contract.catalogue import get_property_title, get_property_type
from actions.contract.properties import ActionProperties
from actions.contract.records import Record, TypeName
from flows.graph.bindings import read_bare_path
from flows.graph.problems import Problem
from flows.graph.property_value import validate_property
from flows.graph.variables import Scope

SAMPLES: dict[TypeName, Any] = {"text": "1", "number": 1.0, "integer": 1, "boolean": True, "list": []}
RECORD_SAMPLE = Record(text="1")
SHAPE_ERRORS = frozenset(("string_type", "bool_type", "int_type", "float_type", "list_type", "dict_type", "model_type"))
"""What pydantic calls a value of the wrong type, and not one that is out of its limits."""
TYPE_WORDS = {
    "text": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "list": "a list",
    "json": "a JSON object",
    "collection": "the name of a collection",
}


def check_type(
    node_id: str, name: str, raw: Any, info: FieldInfo, scope: Scope, model: type[ActionProperties]
) -> Iterator[Problem]:
    """Yield a problem when the property is bound to a variable, or to a field of one, of a type that it never takes."""
    path = read_bare_path(raw)
    known = _find_type(path, scope) if path else None
    if path is None or known is None or _takes(model, name, SAMPLES.get(known, RECORD_SAMPLE)):
        return
    wanted, title = get_property_type(info).name, get_property_title(name, info)
    if wanted in TYPE_WORDS:
        message = f"{title} takes {TYPE_WORDS[wanted]}, and {path!r} is {_describe(known)}."
    else:
        message = f"{title} does not take {_describe(known)}, which {path!r} is."
    yield Problem("type_mismatch", message, node_id, property=name, hint=_suggest_remedy(path, known, wanted))


def _find_type(path: str, scope: Scope) -> TypeName | None:
    """Return the type of what the path names; None when it is not known before a run."""
    root, _, field_name = path.partition(".")
    variable = scope.possible.get(root)
    if variable is None:
        return None
    record_type = variable.record_type
    if field_name:
        return next((f.type for f in record_type.fields if f.name == field_name and f.type in SAMPLES), None)
    return record_type.name if record_type.name in SAMPLES or record_type.fields else None


def _takes(model: type[ActionProperties], name: str, sample: Any) -> bool:
    try:
        validate_property(model, name, sample)
    except ValidationError as error:
        return not all(each["type"] in SHAPE_ERRORS for each in error.errors(include_url=False, include_input=False))
    return True


def _describe(type_name: TypeName) -> str:
    return TYPE_WORDS.get(type_name) or f"a record ({type_name.replace('_', ' ')})"


def _suggest_remedy(path: str, known: TypeName, wanted: TypeName) -> str:
    if (known, wanted) == ("boolean", "text"):
        return f'Write an expression that gives a text, such as {path} ? "yes" : "no".'
    if (known, wanted) == ("list", "text"):
        return f"Take one item, as {path}[0], or write the list into a longer text, as Found: {{{{ {path} }}}}."
    if wanted == "list":
        return f"Write a list, such as [{path}]."
    if wanted in TYPE_WORDS:
        return f"Choose a variable, or a field of one, that is {TYPE_WORDS[wanted]}."
    return "Choose another variable, or a field of one."
