"""What may be done to flows, always within one workspace. Sync; for views and database threads."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from pydantic import ValidationError

from actions.contract.errors import DomainError
from actions.contract.property_types import COLLECTION
from document_collections import services as collections
from flows.addresses import change_address, give_first_address, keep_aliases
from flows.graph.document import MAX_NAMES, Graph, find_overfull
from flows.graph.env_reads import list_named_in_graph
from flows.graph.references import list_references
from flows.models import Flow, FlowVersion, Run, RunStatus
from flows.usage.days import count_at_once
from flows.versions.keep import drop_old_versions, store_version
from web.errors import build_not_found
from web.lookups import RowLookup
from web.text import read_uuid
from web.usage_registry import FoundUser, NamedUser, build_in_use_error, group_users
from workspaces.audit.record import SERVER, Actor, Subject, record, record_unless_lately
from workspaces.storage import StoredPart

IS_PUBLISHED = Q(revision=F("flow__test_revision")) | Q(revision=F("flow__production_revision"))
"""Of a version: callers run it."""
SAVES_OF_ONE_ENTRY = timedelta(minutes=10)
"""The editor saves by itself while somebody draws: saves of one person that follow each other are one entry."""

_find_flow = RowLookup(Flow, "workspace_id", "id")


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


def list_runs(workspace_id: UUID, allowed: frozenset[str] | None = None) -> QuerySet[Run]:
    """Return the runs of the workspace, of its flows `allowed` alone unless that is None."""
    rows = Run.objects.filter(workspace_id=workspace_id)
    return rows if allowed is None else rows.filter(flow_id__in=allowed)


def measure_storage(workspace_id: UUID) -> list[StoredPart]:
    """Return what each flow stores: its versions, and of its runs the inputs and the logs or what remains of them."""
    runs = Run.objects.filter(workspace_id=workspace_id).order_by()
    stored = dict(runs.values_list("flow").annotate(Sum("stored_bytes")))
    versions = FlowVersion.objects.filter(flow__workspace_id=workspace_id).order_by()
    graphs = dict(versions.values_list("flow").annotate(Sum("stored_bytes")))
    names = Flow.objects.filter(workspace_id=workspace_id).values_list("pk", "name")
    return [StoredPart("flow", str(pk), name, stored.get(pk, 0) + graphs.get(pk, 0)) for pk, name in names]


def create_flow(
    workspace_id: UUID,
    name: str,
    description: str = "",
    graph: Any = None,
    *,
    id: UUID | None = None,
    by: Actor = SERVER,
) -> Flow:
    """Create a flow, empty unless a graph is given, with a new id unless one is.

    Raises DomainError (`invalid`) when the graph is none.
    """
    document = _read_stored_graph(workspace_id, graph if graph is not None else {"schema": 1})
    with transaction.atomic():
        fields = {"name": name, "description": description, "graph": document}
        flow = Flow.objects.create(id=id or uuid4(), workspace_id=workspace_id, **fields)
        give_first_address(flow)
        store_version(flow, by.name)
        record(workspace_id, by, "flow.created", Subject(flow.pk, name))
    return flow


def save_graph(flow: Flow, revision: int, graph: Any, *, by: Actor = SERVER) -> Flow:
    """Store the graph as the next revision, which is a version; a draft with problems is stored too.

    Raises DomainError (`invalid`) when it is not a graph, `version_conflict` when `revision` is not the stored one:
    somebody else has saved since, and nothing of theirs is overwritten. The stored graph itself is no conflict, so
    that a save whose answer was lost can be sent again.
    """
    document = _read_stored_graph(flow.workspace_id, graph)
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
        store_version(current, by.name)
        drop_old_versions(current)
        saved, detail = Subject(flow.pk, current.name), f"from version {current.revision} on"
        record_unless_lately(flow.workspace_id, by, "flow.saved", saved, detail, within=SAVES_OF_ONE_ENTRY)
    return current


def change_flow(flow: Flow, changes: Mapping[str, Any], *, by: Actor = SERVER) -> Flow:
    """Change the name, the description, the `address` or which `aliases` are kept; raises what `addresses` raises."""
    former = flow.name
    texts = {name: value for name, value in changes.items() if name in ("name", "description")}
    for name, value in texts.items():
        setattr(flow, name, value)
    with transaction.atomic():
        flow.save(update_fields=(*texts, "updated_at"))
        if "aliases" in changes:
            keep_aliases(flow, changes["aliases"])
        if "address" in changes:
            change_address(flow, changes["address"])
        details = [f"before: {former}"] if flow.name != former else [*texts]
        details += [f"{name}: {changes[name]}" for name in ("address", "aliases") if name in changes]
        record(flow.workspace_id, by, "flow.renamed", Subject(flow.pk, flow.name), ", ".join(details))
    return flow


def delete_flow(flow: Flow, allowed: frozenset[str] | None = None, *, by: Actor = SERVER) -> None:
    """Delete the flow with its runs.

    Raises DomainError (`conflict`): `flow_in_use` while other flows call it, of which those in `allowed` are named, and
    `flow_running` while a run goes on.
    """
    callers = [user for _, user in find_flows_using(flow.workspace_id, [flow.pk]) if user.id != flow.pk]
    if callers:
        raise _build_flow_in_use(flow, [user for user in callers if allowed is None or str(user.id) in allowed])
    if Run.objects.filter(flow=flow, status=RunStatus.RUNNING).exists():
        raise DomainError("conflict", "flow_running", f"{flow.name!r} is running.", hint="Stop its runs first.")
    with transaction.atomic():
        record(flow.workspace_id, by, "flow.deleted", Subject(flow.pk, flow.name))
        count_at_once(Run.objects.filter(flow=flow))  # what they have cost stays
        Run.objects.filter(flow=flow).delete()
        flow.delete()


def read_graph(graph: Any) -> Graph:
    """Return the graph that `graph` is; raises DomainError naming the first part that is none."""
    overfull = find_overfull(graph, ("graph",))
    if overfull is not None:
        field = ".".join(map(str, overfull))[:200]
        raise DomainError("invalid", "invalid_graph", f"It has more than {MAX_NAMES:,} names.", field=field)
    try:
        return Graph.model_validate(graph)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(("graph", *map(str, first["loc"])))[:200]
        message = f"{first['msg'].rstrip('.')}."
        if first["type"] == "extra_forbidden":
            raise DomainError("malformed", "unknown_field", message, field=field) from None
        raise DomainError("invalid", "invalid_graph", message, field=field) from None


def find_existing_flows(workspace_id: UUID, ids: Iterable[UUID]) -> Iterable[UUID]:
    """Return those of the ids that are flows of the workspace."""
    return Flow.objects.filter(workspace_id=workspace_id, pk__in=ids).values_list("pk", flat=True)


def find_flows_using(workspace_id: UUID, ids: Iterable[UUID]) -> list[FoundUser]:
    """Return the flows whose graph names the connections, collections or flows of these ids, each with the id.

    A flow whose draft names none of them, but whose published version does, is named with that version.
    """
    sought = {str(id): id for id in ids}
    return _find_flows(workspace_id, lambda graph: _find_named(graph, sought))


def find_flows_reading(workspace_id: UUID, ids: Mapping[str, UUID]) -> list[FoundUser]:
    """Return the flows that read the variables of these names, as `find_flows_using` does; `ids` are theirs by name."""
    return _find_flows(workspace_id, lambda graph: {ids[name] for name in list_named_in_graph(graph) & ids.keys()})


def _find_flows(workspace_id: UUID, find_ids: Callable[[dict[str, Any]], set[UUID]]) -> list[FoundUser]:
    """Return the flows in whose drafts or published versions `find_ids` finds an id, each with the id."""
    drafts = Flow.objects.filter(workspace_id=workspace_id).values_list("pk", "name", "graph")
    found = {(id, pk): name for pk, name, graph in drafts.iterator() for id in find_ids(graph)}
    published = _list_published_graphs(flow__workspace_id=workspace_id).values_list(
        "flow", "flow__name", "revision", "graph"
    )
    for pk, name, number, graph in published.iterator():
        for id in find_ids(graph):
            found.setdefault((id, pk), f"{name} (version {number})")
    return [(id, NamedUser("flow", pk, name)) for (id, pk), name in found.items()]


def map_callers(flows: Sequence[Flow]) -> dict[UUID, list[NamedUser]]:
    """Return which of the flows call each of them, by the id of the called one. That one calls itself is left out."""
    ids = {str(flow.pk): flow.pk for flow in flows}
    names = {flow.pk: flow.name for flow in flows}
    graphs = [(flow.pk, flow.graph) for flow in flows]
    graphs += list(_list_published_graphs(flow__in=ids.values()).values_list("flow", "graph"))
    calls = dict.fromkeys((called, pk) for pk, graph in graphs for called in _find_named(graph, ids) - {pk})
    return group_users((called, NamedUser("flow", pk, names[pk])) for called, pk in calls)


def _list_published_graphs(**flows: Any) -> QuerySet[FlowVersion]:
    """Return the published versions of these flows that are not their drafts."""
    return FlowVersion.objects.filter(IS_PUBLISHED, **flows).exclude(revision=F("flow__revision"))


def _build_flow_in_use(flow: Flow, named: Sequence[NamedUser]) -> DomainError:
    hint = "Choose another flow there first, or delete the node."
    if named:
        return build_in_use_error("flow_in_use", f"{flow.name!r} is called by", named, hint)
    message = f"{flow.name!r} is called by flows that this key may not see."
    return DomainError("conflict", "flow_in_use", message, hint=hint)


def _find_named(graph: dict[str, Any], ids: Mapping[str, UUID]) -> set[UUID]:
    """Return those of the ids that properties of the graph have as their value."""
    values = (value for node in graph.get("nodes", ()) for value in node.get("properties", {}).values())
    return {ids[value] for value in values if isinstance(value, str) and value in ids}


def _read_stored_graph(workspace_id: UUID, graph: Any) -> dict[str, Any]:
    """Return the graph as it is stored: a collection that it names by its name is named by its id.

    So a collection can be renamed, and a client of the API may write its name. Raises what `read_graph` raises.
    """
    document = read_graph(graph).to_json()
    found = (each for each in list_references(document) if each.type is COLLECTION)
    named = [each for each in found if read_uuid(each.value) is None]
    ids = collections.list_ids_by_name(workspace_id) if named else {}
    for node, name, *_ in named:
        node["properties"][name] = ids.get(node["properties"][name], node["properties"][name])
    return document
