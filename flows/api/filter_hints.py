"""Warns of filters that name a field which no document of their collection has. Sync; for the editor alone."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from actions.vectors.filters import FilterError
from actions.vectors.search_vectors import SearchVectors
from document_collections import services as collections
from expressions.errors import build_unknown_name_error
from flows.graph.problems import Problem
from flows.models import Flow

MAX_NAMED_FIELDS = 10


def find_unknown_filter_fields(flow: Flow) -> Iterator[Problem]:
    """Yield a warning for each such field; nothing of a collection without documents, or of a filter with problems."""
    for node in flow.graph.get("nodes", ()):
        if node["action"] == SearchVectors.type:
            yield from _check_node(flow.workspace_id, node["id"], node.get("properties", {}))


def _check_node(workspace_id: UUID, node: str, properties: dict[str, Any]) -> Iterator[Problem]:
    reference, filter = properties.get("collection"), properties.get("filter")
    if not isinstance(reference, str) or not isinstance(filter, str) or not filter.strip():
        return
    collection = collections.find_collection(workspace_id, reference)
    if collection is None:
        return
    try:
        unknown = collections.find_unknown_fields(collection, filter)
    except FilterError:
        return
    for name in unknown:
        message = f"No document of {collection.name!r} has the field {name!r}."
        hint = _describe_fields(name, list(collections.list_filter_fields(collection)))
        yield Problem("unknown_filter_field", message, node, property="filter", severity="warning", hint=hint)


def _describe_fields(name: str, fields: list[str]) -> str:
    near = build_unknown_name_error(name, fields).hint or ""
    if near.startswith("Nearest"):
        return near
    more = " and others" if len(fields) > MAX_NAMED_FIELDS else ""
    return f"They have {', '.join(fields[:MAX_NAMED_FIELDS])}{more}."
