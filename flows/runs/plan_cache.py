"""Compiled plans, kept per revision of a flow, so that a run starts without compiling. Sync."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from actions.contract.connection import Connection, ConnectionFacts
from actions.contract.errors import DomainError
from actions.contract.registry import get_actions
from connections import services as connections
from connections.services import Loaded
from flows.graph.compile import Analysis, compile_plan
from flows.graph.document import Graph
from flows.graph.plan import Plan
from flows.models import Flow
from flows.runs.run_services import Names, names_for

KEPT = 500

_lock = Lock()
_Offered = tuple[dict[str, ConnectionFacts], dict[str, Names]]
_kept: OrderedDict[tuple[UUID, int], tuple[_Offered, Analysis]] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Runnable:
    """A flow that can run: its plan, and the connections that it uses, opened."""

    analysis: Analysis
    plan: Plan
    connections: Mapping[str, Connection]


def analyse(flow: Flow) -> Analysis:
    """Return the analysis of the flow as saved, with what the workspace offers as it is now."""
    return _analysed(flow, connections.load(flow.workspace_id, referenced(flow.graph)))


def runnable(flow: Flow) -> Runnable:
    """Return what a run needs; raises DomainError `flow_has_problems` with every problem when there is a fault."""
    loaded = connections.load(flow.workspace_id, referenced(flow.graph))
    try:
        analysis = _analysed(flow, loaded)
    except ValidationError:
        raise DomainError("invalid", "flow_has_problems", "The saved graph cannot be read by this version.") from None
    if analysis.plan is None:
        raise _cannot_run(flow, analysis)
    opened = {id: each.opened for id, each in loaded.items() if each.opened is not None}
    return Runnable(analysis, analysis.plan, opened)


def _analysed(flow: Flow, loaded: Mapping[str, Loaded]) -> Analysis:
    offered = ({id: each.facts for id, each in loaded.items()}, names_for(flow))
    key = (flow.pk, flow.revision)
    with _lock:
        kept = _kept.get(key)
        if kept and kept[0] == offered:
            _kept.move_to_end(key)
            return kept[1]
    analysis = compile_plan(Graph.model_validate(flow.graph), get_actions(), *offered)
    with _lock:
        _kept[key] = (offered, analysis)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return analysis


def _cannot_run(flow: Flow, analysis: Analysis) -> DomainError:
    problems = [problem.document() for problem in analysis.problems]
    first = next(problem for problem in analysis.problems if problem.severity == "error")
    message = f"{flow.name!r} cannot run: {first.message}"
    return DomainError("invalid", "flow_has_problems", message, hint=first.hint, problems=problems)


def callable_flows(flow: Flow, plan: Plan) -> dict[str, tuple[str, Runnable]]:
    """Return the flows that a run of `plan` may call, those that they call included: id, name and what they need.

    Raises DomainError `flow_has_problems` when one of them cannot run: found before the run, not in its middle.
    """
    found: dict[str, tuple[str, Runnable]] = {}
    wanted = set(plan.flow_ids)
    while missing := wanted - found.keys():
        rows = Flow.objects.filter(workspace_id=flow.workspace_id, pk__in=missing)
        called = {str(row.pk): (row.name, runnable(row)) for row in rows}
        found |= called
        wanted = {id for _, each in called.values() for id in each.plan.flow_ids}
    return found


def referenced(graph: dict[str, Any]) -> frozenset[str]:
    """Return every text in the graph's properties that could be the id of a connection."""
    texts = (value for node in graph.get("nodes", ()) for value in node.get("properties", {}).values())
    return frozenset(text for text in texts if isinstance(text, str) and _is_uuid(text))


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
