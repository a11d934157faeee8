"""What may be done to flows, always within one workspace. Sync; for views and database threads."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from pydantic import ValidationError

from actions.contract.catalogue import get_property_type
from actions.contract.errors import DomainError
from actions.contract.property_types import COLLECTION
from actions.contract.registry import get_actions
from flows.graph.document import Graph
from flows.models import Flow, Run, RunStatus
from web.compiled_lookup import CompiledLookup
from web.errors import build_not_found

_find_flow = CompiledLookup(Flow, "workspace_id", "id")


def get_flow(workspace_id: UUID, flow_id: UUID, allowed: frozenset[str] | None = None) -> Flow:
    """Return the flow; raises DomainError (`not_found`) when it is another workspace's, or not one of `allowed`."""
    flow = _find_flow(workspace_id, flow_id)
    if flow is None or (allowed is not None and str(flow.pk) not in allowed):
        raise build_not_found()
    return flow


def get_run(workspace_id: UUID, run_id: UUID) -> Run:
    rows = Run.objects.filter(workspace_id=workspace_id, pk=run_id)
    run = rows.select_related("version").defer("kept", "kept_yields", "input").first()
    if run is None:
        raise build_not_found()
    return run


def create_flow(workspace_id: UUID, name: str, description: str = "", graph: Any = None) -> Flow:
    """Create a flow, empty unless a graph is given; raises DomainError (`invalid`) when that is not a graph."""
    document = read_graph(graph if graph is not None else {"schema": 1}).to_json()
    return Flow.objects.create(workspace_id=workspace_id, name=name, description=description, graph=document)


def save_graph(flow: Flow, revision: int, graph: Any) -> Flow:
    """Store the graph as the next revision; a draft with problems is stored too.

    Raises DomainError (`invalid`) when it is not a graph, `version_conflict` when `revision` is not the stored one:
    somebody else has saved since, and nothing of theirs is overwritten. The stored graph itself is no conflict, so
    that a save whose answer was lost can be sent again.
    """
    document = read_graph(graph).to_json()
    with transaction.atomic():
        current = Flow.objects.select_for_update().get(pk=flow.pk)
        if current.graph == document:
            return current
        if current.revision != revision:
            message = "Somebody else has saved this flow since you loaded it."
            raise DomainError(
                "conflict",
                "version_conflict",
                message,
                hint="Load theirs, or save over it.",
                revision=current.revision,
            )
        current.graph, current.revision = document, revision + 1
        current.save(update_fields=("graph", "revision", "updated_at"))
    return current


def rename_flow(flow: Flow, **changes: str) -> Flow:
    for name, value in changes.items():
        setattr(flow, name, value)
    flow.save(update_fields=(*changes, "updated_at"))
    return flow


def delete_flow(flow: Flow) -> None:
    """Delete the flow with its runs; raises DomainError (`conflict`) while one is going on."""
    if Run.objects.filter(flow=flow, status=RunStatus.RUNNING).exists():
        raise DomainError("conflict", "flow_running", f"{flow.name!r} is running.", hint="Stop its runs first.")
    with transaction.atomic():
        Run.objects.filter(flow=flow).delete()
        flow.delete()


def read_graph(graph: Any) -> Graph:
    """Return the graph that `graph` is; raises DomainError (`invalid`) naming the first part that is none."""
    try:
        return Graph.model_validate(graph)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(("graph", *map(str, first["loc"])))[:200]
        code = "unknown_field" if first["type"] == "extra_forbidden" else "invalid_graph"
        raise DomainError("invalid", code, f"{first['msg'].rstrip('.')}.", field=field) from None


def find_existing_flows(workspace_id: UUID, ids: Iterable[UUID]) -> Iterable[UUID]:
    """Return those of the ids that are flows of the workspace."""
    return Flow.objects.filter(workspace_id=workspace_id, pk__in=ids).values_list("pk", flat=True)


def find_flows_using(workspace_id: UUID, connection_id: UUID) -> Iterable[tuple[UUID, str]]:
    """Return the flows whose graph names the connection: id and name."""
    wanted = str(connection_id)
    rows = Flow.objects.filter(workspace_id=workspace_id).values_list("pk", "name", "graph")
    return [(pk, name) for pk, name, graph in rows if _mentions(graph, wanted)]


def find_flows_naming(workspace_id: UUID, collection: str) -> Iterable[tuple[UUID, str]]:
    """Return the flows whose graph names the collection in a property that is for one: id and name."""
    rows = Flow.objects.filter(workspace_id=workspace_id).values_list("pk", "name", "graph")
    return [(pk, name) for pk, name, graph in rows if collection in _list_collections(graph)]


def _mentions(graph: dict[str, Any], wanted: str) -> bool:
    return any(wanted in node.get("properties", {}).values() for node in graph.get("nodes", ()))


def _list_collections(graph: dict[str, Any]) -> Iterator[Any]:
    for node in graph.get("nodes", ()):
        action = get_actions().get(node["action"])
        fields = action.Properties.model_fields if action else {}
        yield from (node["properties"].get(name) for name in fields if get_property_type(fields[name]) is COLLECTION)
