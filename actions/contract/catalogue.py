"""The catalogue: palette, ports, form and reference, derived from the declarations alone."""

import types
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from actions.contract.action import AnyAction, Attachment, Branch, to_words
from actions.contract.connection import Connection
from actions.contract.properties import ActionProperties, TriggerProperties, get_options
from actions.contract.property_types import ANY, CONNECTION, TEXT, TYPES_BY_PYTHON, Mode, PropertyType
from actions.contract.records import RecordType
from actions.contract.registry import FAMILIES, get_actions


@cache
def get_catalogue() -> dict[str, Any]:
    """Return what the palette, the cards and the form need, as JSON; the same object on every call."""
    actions = [describe_action(cls) for cls in get_actions().values()]
    used = {action["family"] for action in actions}
    families = [{"id": key, "title": title} for key, title in FAMILIES.items() if key in used]
    return {"families": families, "actions": actions}


def describe_action(cls: AnyAction) -> dict[str, Any]:
    """Return one action of the catalogue."""
    return {
        "type": cls.type,
        "title": cls.title,
        "family": cls.family,
        "role": cls.role,
        "summary": cls.summary,
        "icon_url": f"/api/v1/actions/{cls.type}/icon.svg",
        "docs_url": f"/docs/actions/{cls.type}",
        "width": cls.width,
        "streams": cls.streams,
        "input": cls.role not in ("trigger", "helper"),
        "branches": [_describe_branch(branch) for branch in cls.branches],
        "cases": cls.cases,
        "attachments": [_describe_attachment(attachment) for attachment in cls.attachments],
        "outputs": list(_describe_outputs(cls)),
        "properties": [describe_property(name, field) for name, field in list_form_fields(cls.Properties)],
    }


def list_form_fields(model: type[ActionProperties]) -> Iterator[tuple[str, FieldInfo]]:
    """Yield the fields as a form shows them: title, the action's own, then disabled and description."""
    common, shared = ActionProperties.model_fields, TriggerProperties.model_fields
    fields = model.model_fields
    yield "title", fields["title"]
    yield from ((name, field) for name, field in fields.items() if name not in shared)
    yield from ((name, fields[name]) for name in shared if name in fields and name not in common)
    yield from ((name, fields[name]) for name in common if name != "title")


def describe_property(name: str, field: FieldInfo) -> dict[str, Any]:
    options = get_options(field)
    property_type = get_property_type(field)
    choices = options.choices or _read_literal_choices(field)
    return {
        "name": name,
        "title": get_property_title(name, field),
        "description": field.description or "",
        "type": property_type.name,
        "required": field.is_required(),
        "default": None if field.is_required() else field.get_default(call_default_factory=True),
        "modes": list(get_modes(field)),
        "widget": options.widget or ("select" if choices else property_type.widget),
        "section": options.section,
        "port": options.port,
        "choices": [{"value": value, "title": title} for value, title in choices.items()] if choices else None,
        "minimum": _get_bound(field, "ge"),
        "maximum": _get_bound(field, "le"),
        "unit": options.unit,
        "placeholder": options.placeholder,
        "suggests": list(options.suggests),
        "connection_kind": get_connection_kind(field),
        "tokens": list(options.tokens) if options.tokens else None,
        "verbatim": options.verbatim,
        "advanced": options.advanced,
    }


def get_property_title(name: str, field: FieldInfo) -> str:
    return field.title or " ".join(word.capitalize() for word in name.split("_"))


def get_modes(field: FieldInfo) -> tuple[Mode, ...]:
    """Return the ways in which the property's value may be given, in the order of the switch."""
    declared = get_options(field).modes
    return get_property_type(field).modes if declared is None else declared


def get_property_type(field: FieldInfo) -> PropertyType:
    """Return the property's row in the table of types."""
    marked = next((item for item in field.metadata if isinstance(item, PropertyType)), None)
    if marked:
        return marked
    if get_connection_kind(field):  # the mark of an optional one is inside the union
        return CONNECTION
    annotation = _strip_optional(field.annotation)
    origin = get_origin(annotation) or annotation
    if origin is Literal:
        return TEXT
    return TYPES_BY_PYTHON.get(origin, ANY) if isinstance(origin, type) else ANY


def get_connection_kind(field: FieldInfo) -> str | None:
    annotation = _strip_optional(field.annotation)
    is_connection = isinstance(annotation, type) and issubclass(annotation, Connection)
    return annotation.kind if is_connection else None


def describe_record(record_type: RecordType) -> list[dict[str, str]]:
    return [{"name": f.name, "type": f.type, "description": f.description} for f in record_type.fields]


def can_attach(helper: AnyAction, attachment: Attachment) -> bool:
    return helper.helps is not None and issubclass(helper.helps, attachment.accepts)


def _describe_attachment(attachment: Attachment) -> dict[str, Any]:
    accepts = [cls.type for cls in get_actions().values() if can_attach(cls, attachment)]
    return {"name": attachment.name, "title": attachment.title, "accepts": accepts}


def _describe_branch(branch: Branch) -> dict[str, Any]:
    provides = None
    if branch.provides:
        provides = {
            "property": branch.provides,
            "type": branch.record_type.name,
            "fields": describe_record(branch.record_type),
        }
    return {"name": branch.name, "title": branch.title, "repeats": branch.repeats, "provides": provides}


def _describe_outputs(cls: AnyAction) -> Iterator[dict[str, Any]]:
    for branch in cls.branches:
        if branch.provides:
            yield _describe_output(cls, branch.provides, branch.record_type, branch.name)
    if cls.output:
        yield _describe_output(cls, cls.output.name, cls.output.record_type, None)


def _describe_output(cls: AnyAction, name: str, record_type: RecordType, branch: str | None) -> dict[str, Any]:
    field = cls.Properties.model_fields[name]
    return {
        "property": name,
        "default": None if field.is_required() else field.default,
        "type": record_type.name,
        "title": record_type.title,
        "fields": describe_record(record_type),
        "branch": branch,
    }


def _strip_optional(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, types.UnionType):
        members = [arg for arg in get_args(annotation) if arg is not type(None)]
        return _strip_optional(members[0]) if len(members) == 1 else annotation
    if get_origin(annotation) is not None and hasattr(annotation, "__metadata__"):
        return _strip_optional(get_args(annotation)[0])
    return annotation


def _read_literal_choices(field: FieldInfo) -> dict[str, str] | None:
    annotation = _strip_optional(field.annotation)
    if get_origin(annotation) is not Literal:
        return None
    return {str(value): to_words(str(value)) for value in get_args(annotation)}


def _get_bound(field: FieldInfo, name: str) -> float | None:
    return next((getattr(item, name) for item in field.metadata if hasattr(item, name)), None)
