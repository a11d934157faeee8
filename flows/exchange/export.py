"""Writes a flow, with the flows that it calls, as a file. Sync."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import ValidationError

from actions.contract.errors import DomainError
from actions.contract.property_types import COLLECTION, CONNECTION, FLOW
from actions.contract.sizes import format_size
from connections import services as connections
from document_collections import services as collections
from flows.exchange.fixed_secrets import find_fixed_secrets
from flows.exchange.flow_file import (
    MAX_FILE_NODES,
    MAX_FLOWS,
    MAX_PLACEHOLDERS,
    MAX_USES,
    FileFlow,
    FlowFile,
    Placeholder,
    Use,
)
from flows.exchange.read_file import FILE_LIMITS
from flows.graph.document import Graph
from flows.graph.references import Reference, list_references
from flows.models import Flow
from web.text import read_uuid
from workspaces.access import build_outside_flows

SECRET = "secret"  # noqa: S105  # the type of a placeholder
UNKNOWN_NAME = "unknown"


class _Stored(NamedTuple):
    """A flow, and its graph as JSON."""

    flow: Flow
    document: dict[str, Any]


def export_flow(flow: Flow, allowed: frozenset[str] | None = None) -> dict[str, Any]:
    """Return the file of the flow, as JSON: without secrets, and with placeholders for what its workspace has.

    Raises DomainError: `not_allowed` when it calls a flow that is not among `allowed`, `conflict` when it is more than
    a file holds, and `invalid` when a stored graph cannot be read, or a place in it cannot be named.
    """
    stored = _collect_flows(flow, allowed)
    writer = _Writer(flow, {str(each.flow.pk): f"flow_{number}" for number, each in enumerate(stored, 1)})
    files = [writer.write_flow(*each) for each in stored]
    document = FlowFile(flows=files, placeholders=writer.list_placeholders()).to_json()
    _check_size(flow, stored, _measure(document))
    return document


def _collect_flows(flow: Flow, allowed: frozenset[str] | None) -> list[_Stored]:
    """Return the flow, and all that are called by it or by those, unless they are more than an import takes."""
    found = {flow.pk: _read_stored(flow)}
    todo = list(found.values())
    size = _measure(todo[0].document)
    while todo:
        called = {id for each in todo for id in _list_called(each.document)} - found.keys()
        rows = Flow.objects.filter(workspace_id=flow.workspace_id, pk__in=called).order_by("created_at")
        if allowed is not None and not {str(id) for id in rows.values_list("pk", flat=True)} <= allowed:
            raise build_outside_flows()
        todo = []
        for row in rows.iterator(chunk_size=1):
            todo.append(_read_stored(row))
            found[row.pk] = todo[-1]
            size += _measure(todo[-1].document)
            _check_size(flow, list(found.values()), size)
    return list(found.values())


def _read_stored(flow: Flow) -> _Stored:
    try:
        return _Stored(flow, Graph.model_validate(flow.graph).to_json())
    except ValidationError:
        message = f"The saved graph of {flow.name!r} cannot be read."
        raise DomainError("invalid", "unreadable_graph", message, hint="Save the flow again in the editor.") from None


def _check_size(flow: Flow, stored: list[_Stored], size: int) -> None:
    """Raise DomainError when these flows, or so many bytes, are more than an import takes."""
    if len(stored) > MAX_FLOWS:
        raise _refuse(flow, "too_many_flows", f"are more than {MAX_FLOWS}")
    if sum(len(each.document["nodes"]) for each in stored) > MAX_FILE_NODES:
        raise _refuse(flow, "too_many_nodes", f"have more than {MAX_FILE_NODES:,} nodes")
    if size > FILE_LIMITS.bytes:
        raise _refuse(flow, "file_too_large", f"are larger than {format_size(FILE_LIMITS.bytes)}")


def _measure(document: dict[str, Any]) -> int:
    """Return how many bytes the document has as JSON."""
    return len(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())


def _refuse(flow: Flow, code: str, what: str) -> DomainError:
    message = f"{flow.name!r} and the flows that it calls {what}."
    return DomainError("conflict", code, message, hint="Export one of the called flows by itself.")


def _list_called(graph: Mapping[str, Any]) -> Iterator[UUID]:
    for reference in list_references(graph):
        if reference.type is FLOW and (id := read_uuid(reference.value)):
            yield id


class _Writer:
    """Gathers the placeholders of a file while its flows are written."""

    def __init__(self, flow: Flow, file_ids: Mapping[str, str]) -> None:
        workspace_id = flow.workspace_id
        self._flow = flow
        self._file_ids = file_ids
        self._connections = {str(row.pk): row.name for row in connections.list_connections(workspace_id)}
        self._collections = {id: name for name, id in collections.list_ids_by_name(workspace_id).items()}
        self._uses: dict[tuple[str, str | None, str, str], list[Use]] = {}

    def write_flow(self, flow: Flow, document: dict[str, Any]) -> FileFlow:
        file_id = self._file_ids[str(flow.pk)]
        for reference in list(list_references(document)):
            self._write_reference(file_id, reference)
        for node in document["nodes"]:
            self._take_secrets(file_id, node)
        graph = Graph.model_validate(document)
        return FileFlow(id=file_id, name=flow.name, description=flow.description, graph=graph)

    def _write_reference(self, file_id: str, reference: Reference) -> None:
        """Put the id in the file in place of a flow's, and a placeholder in place of anything else."""
        value = reference.value
        if reference.type is FLOW and value in self._file_ids:
            reference.node["properties"][reference.name] = self._file_ids[value]
            return
        if not value or "{{" in value:
            return  # nothing is chosen yet, or each run chooses
        names = {CONNECTION: self._connections, COLLECTION: self._collections}.get(reference.type, {})
        name = names.get(value) or (UNKNOWN_NAME if read_uuid(value) else value[:200])
        use = Use(flow=file_id, node=reference.node["id"], path=[reference.name])
        self._uses.setdefault((reference.type.name, reference.kind, name, value), []).append(use)
        del reference.node["properties"][reference.name]

    def _take_secrets(self, file_id: str, node: dict[str, Any]) -> None:
        """Put a placeholder in place of each value that a builder wrote under the name of a secret."""
        for secret in list(find_fixed_secrets(node["properties"])):
            use = _build_use(file_id, node["id"], secret.path)
            value = json.dumps(secret.value, sort_keys=True)
            self._uses.setdefault((SECRET, None, secret.name[:200], value), []).append(use)
            secret.take_out()

    def list_placeholders(self) -> list[Placeholder]:
        if len(self._uses) > MAX_PLACEHOLDERS:
            raise _refuse(
                self._flow,
                "too_many_placeholders",
                f"hold more than {MAX_PLACEHOLDERS} different secrets and names of the workspace",
            )
        if any(len(uses) > MAX_USES for uses in self._uses.values()):
            raise _refuse(
                self._flow, "too_many_uses", f"use one secret or name of the workspace more than {MAX_USES:,} times"
            )
        return [
            Placeholder(id=f"ask_{number}", type=type, kind=kind, name=name, uses=uses)
            for number, ((type, kind, name, _), uses) in enumerate(self._uses.items(), 1)
        ]


def _build_use(flow: str, node: str, path: list[str | int]) -> Use:
    try:
        return Use(flow=flow, node=node, path=path)
    except ValidationError:
        message = f"A secret in the node {node!r} lies too deep, or under too long a name, for a file."
        raise DomainError("invalid", "unreachable_secret", message, hint="Use a connection for it.") from None
