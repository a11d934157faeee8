"""Keeps the compiled plan of each flow's revision, so that a run starts without compiling. Sync."""

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
from connections.services import LoadedConnection
from flows.graph.compile import Analysis, compile_plan
from flows.graph.document import Graph
from flows.graph.plan import Plan
from flows.models import Flow, FlowVersion
from flows.runs.run_services import Names, read_names

MAX_PLANS = 500
UUID_CHARACTERS = 36

_Workspace = tuple[dict[str, ConnectionFacts], dict[str, Names]]
_Revision = tuple[UUID, int]


@dataclass(frozen=True, slots=True)
class RunnableFlow:
    """A flow that can run."""

    analysis: Analysis
    plan: Plan
    connections: Mapping[str, Connection]
    """By id: the connections that the flow uses, secrets included."""


class PlanCache:
    """The analyses and version ids of the flows that ran or were opened lately, at most `MAX_PLANS` of each.

    An analysis is compiled anew when the workspace's connections or names are no longer those that it was made with.
    Used from several database threads at once.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._analyses: OrderedDict[_Revision, tuple[_Workspace, Analysis]] = OrderedDict()
        self._version_ids: dict[_Revision, int] = {}

    def analyse(self, flow: Flow) -> Analysis:
        """Return the analysis of the flow as saved, with what the workspace has as it is now."""
        return self._analyse(flow, connections.load(flow.workspace_id, find_uuids(flow.graph)))

    def open_flow(self, flow: Flow) -> RunnableFlow:
        """Return the flow with its plan and its connections.

        Raises DomainError `flow_has_problems`, with every problem, when it cannot run.
        """
        loaded = connections.load(flow.workspace_id, find_uuids(flow.graph))
        try:
            analysis = self._analyse(flow, loaded)
        except ValidationError:
            message = "The saved graph cannot be read by this version."
            raise DomainError("invalid", "flow_has_problems", message) from None
        if analysis.plan is None:
            raise _refuse(flow, analysis)
        opened = {id: each.connection for id, each in loaded.items() if each.connection is not None}
        return RunnableFlow(analysis, analysis.plan, opened)

    def open_called_flows(self, flow: Flow, plan: Plan) -> dict[str, tuple[str, RunnableFlow]]:
        """Return the flows that a run of `plan` may call, and those that they may call: by id, the name and the flow.

        Raises DomainError `flow_has_problems` when one of them cannot run: before the run, not in its middle.
        """
        flows: dict[str, tuple[str, RunnableFlow]] = {}
        ids = set(plan.flow_ids)
        while missing := ids - flows.keys():
            rows = Flow.objects.filter(workspace_id=flow.workspace_id, pk__in=missing)
            called = {str(row.pk): (row.name, self.open_flow(row)) for row in rows}
            flows |= called
            ids = {id for _, each in called.values() for id in each.plan.flow_ids}
        return flows

    def get_version_id(self, flow: Flow) -> int:
        """Return the id of the FlowVersion of the flow's revision; asks the database once per revision."""
        key = (flow.pk, flow.revision)
        version_id = self._version_ids.get(key)
        if version_id is None:
            if len(self._version_ids) >= MAX_PLANS:
                self._version_ids.clear()
            graph = {"graph": flow.graph}
            version, _ = FlowVersion.objects.get_or_create(flow=flow, revision=flow.revision, defaults=graph)
            version_id = self._version_ids[key] = version.pk
        return version_id

    def _analyse(self, flow: Flow, loaded: Mapping[str, LoadedConnection]) -> Analysis:
        workspace = ({id: each.facts for id, each in loaded.items()}, read_names(flow))
        key = (flow.pk, flow.revision)
        with self._lock:
            entry = self._analyses.get(key)
            if entry and entry[0] == workspace:
                self._analyses.move_to_end(key)
                return entry[1]
        analysis = compile_plan(Graph.model_validate(flow.graph), get_actions(), *workspace)
        with self._lock:
            self._analyses[key] = (workspace, analysis)
            while len(self._analyses) > MAX_PLANS:
                self._analyses.popitem(last=False)
        return analysis


plan_cache = PlanCache()
"""Of the process: every start uses it, in whichever thread and for whichever workspace."""


def find_uuids(graph: Mapping[str, Any]) -> frozenset[str]:
    """Return every text in the graph's properties that could be the id of a connection."""
    texts = (value for node in graph.get("nodes", ()) for value in node.get("properties", {}).values())
    return frozenset(text for text in texts if isinstance(text, str) and _is_uuid(text))


def _is_uuid(text: str) -> bool:
    if len(text) != UUID_CHARACTERS:  # nearly every text; parsing it would cost a hundred steps
        return False
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _refuse(flow: Flow, analysis: Analysis) -> DomainError:
    problems = [problem.to_json() for problem in analysis.problems]
    first = next(problem for problem in analysis.problems if problem.severity == "error")
    message = f"{flow.name!r} cannot run: {first.message}"
    return DomainError("invalid", "flow_has_problems", message, hint=first.hint, problems=problems)
