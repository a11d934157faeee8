"""Keeps the compiled plan of each flow's revision, so that a run starts without compiling. Sync."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import to_json

from actions.contract.catalogue import get_connection_kind
from actions.contract.connection import Connection, ConnectionFacts
from actions.contract.errors import DomainError
from actions.contract.registry import get_actions
from connections.services import LoadedConnection, loaded_connections
from connections.variables.loaded import NO_VALUES, EnvironmentValues, loaded_variables
from flows import services
from flows.engine.resources import NO_ENV, EnvValues
from flows.engine.secret_values import list_spellings
from flows.graph.compile import Analysis, compile_plan
from flows.graph.document import Graph
from flows.graph.env_reads import may_read_env
from flows.graph.plan import Plan
from flows.models import Flow, FlowVersion
from flows.runs.run_services import Names, find_named_types, read_names
from flows.versions.pins import get_pinned, pin_flow
from web.errors import build_not_found
from web.lookups import ValueLookup
from web.text import read_uuid
from workspaces.access import build_outside_flows
from workspaces.environments import Environment

MAX_PLANS = 500
MAX_GRAPH_BYTES = 16 * 1024 * 1024
"""Of the graphs, as JSON, whose analyses are held. An analysis takes several times as much memory as its graph."""

_Workspace = tuple[dict[str, ConnectionFacts], dict[str, Names], Mapping[str, str | None]]
_Version = tuple[UUID, int]
_Analysed = tuple[Analysis, Mapping[str, LoadedConnection], EnvironmentValues]
"""An analysis, and what of the workspace it was made with."""
_PlanKey = tuple[UUID, int, Environment]
"""Of a version: its connections, and the variables that it reads, may be others in each environment."""


class _FlowHead(NamedTuple):
    """What says whether a flow that is kept is still the one that is stored."""

    name: str
    revision: int
    test_revision: int | None
    production_revision: int | None


_find_head = ValueLookup(_FlowHead, Flow, "workspace_id", "id")


class _KeptAnalysis(NamedTuple):
    """An analysis, and what it was made of."""

    workspace: _Workspace
    analysis: Analysis
    graph_bytes: int
    flow: Flow
    needs: "_Needs"


class _Needs(NamedTuple):
    """What a graph names of its workspace."""

    connection_ids: frozenset[str]
    named_types: frozenset[str]
    may_read_env: bool


@dataclass(frozen=True, slots=True)
class RunnableFlow:
    """A flow that can run."""

    analysis: Analysis
    plan: Plan
    connections: Mapping[str, Connection]
    """By id: the connections that the flow uses, secrets included."""
    env: EnvValues
    """The workspace's variables that the flow reads."""


class PlanCache:
    """The analyses and version ids of the flows that ran or were opened lately, at most `MAX_PLANS` of each.

    The graphs of the analyses are `MAX_GRAPH_BYTES` together at most.

    An analysis is of one environment. It is compiled anew when the workspace's connections, variables or names are no
    longer those that it was made with.
    Used from several database threads at once.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._analyses: OrderedDict[_PlanKey, _KeptAnalysis] = OrderedDict()
        self._graph_bytes = 0
        self._version_ids: dict[_Version, int] = {}

    def analyse(self, flow: Flow) -> Analysis:
        """Return the analysis of the flow as saved, with what the workspace has for development as it is now."""
        return self._analyse(flow, "development")[0]

    def get_flow(
        self,
        workspace_id: UUID,
        flow_id: UUID,
        allowed: frozenset[str] | None = None,
        environment: Environment = "development",
    ) -> Flow:
        """Return the flow as the environment runs it, as `pin_flow` does. Nobody may change it: starts share it.

        While its name and what the environment runs stay, the graph is neither read nor parsed again. Raises
        DomainError: `not_found` as `services.get_flow` does, and `not_published`.
        """
        head = _find_head(workspace_id, flow_id)
        revision = get_pinned(head, environment) if head else None
        kept = self._analyses.get((flow_id, revision, environment)) if revision else None
        if kept and head and kept.flow.name == head.name and (allowed is None or str(flow_id) in allowed):
            return kept.flow
        flow = pin_flow(services.get_flow(workspace_id, flow_id, allowed), environment)
        self._keep_flow(flow, environment)
        return flow

    def open_flow(self, flow: Flow, environment: Environment) -> RunnableFlow:
        """Return the flow with its plan, and the connections and variables that it has in the environment.

        Raises DomainError `flow_has_problems`, with every problem, when it cannot run.
        """
        try:
            analysis, loaded, variables = self._analyse(flow, environment)
        except ValidationError:
            message = "The saved graph cannot be read by this version."
            raise DomainError("invalid", "flow_has_problems", message) from None
        if analysis.plan is None:
            raise _refuse(flow, analysis)
        opened = {id: each.connection for id, each in loaded.items() if each.connection is not None}
        if not analysis.env_names:
            return RunnableFlow(analysis, analysis.plan, opened, NO_ENV)
        env = {name: variables.values[name] for name in analysis.env_names & variables.values.keys()}
        secrets = list_spellings(env[name] for name in env.keys() & variables.secret_names)
        return RunnableFlow(analysis, analysis.plan, opened, EnvValues(env, secrets))

    def open_called_flows(
        self, flow: Flow, plan: Plan, allowed: frozenset[str] | None, environment: Environment
    ) -> dict[str, tuple[str, RunnableFlow]]:
        """Return the flows that a run of `plan` may call, and those that they may call: by id, the name and the flow.

        Each is that of the environment, as the calling flow is. Raises DomainError before the run, not in its middle:
        `not_allowed` when one is not among `allowed`, which says nothing of that flow, `not_published`, and
        `flow_has_problems` when one cannot run.
        """
        flows: dict[str, tuple[str, RunnableFlow]] = {}
        ids = set(plan.flow_ids)
        while missing := ids - flows.keys():
            if allowed is not None and not missing <= allowed:
                raise build_outside_flows()
            found = [self._find_flow(flow.workspace_id, UUID(id), environment) for id in sorted(missing)]
            called = {str(each.pk): (each.name, self.open_flow(each, environment)) for each in found if each}
            flows |= called
            ids = {id for _, each in called.values() for id in each.plan.flow_ids}
        return flows

    def _find_flow(self, workspace_id: UUID, flow_id: UUID, environment: Environment) -> Flow | None:
        """Return the flow as `get_flow` does; None when it was deleted."""
        try:
            return self.get_flow(workspace_id, flow_id, environment=environment)
        except DomainError as error:
            if error.kind != "not_found":
                raise
            return None

    def get_version_id(self, flow: Flow) -> int:
        """Return the id of the FlowVersion of the flow's revision; asks the database once per revision.

        Raises DomainError `not_found` when the flow has just been deleted: each save stores a version.
        """
        key = (flow.pk, flow.revision)
        version_id = self._version_ids.get(key)
        if version_id is None:
            version = FlowVersion.objects.filter(flow_id=flow.pk, revision=flow.revision).only("pk").first()
            if version is None:
                raise build_not_found()
            if len(self._version_ids) >= MAX_PLANS:
                self._version_ids.clear()
            version_id = self._version_ids[key] = version.pk
        return version_id

    def _keep_flow(self, flow: Flow, environment: Environment) -> None:
        """Keep the flow beside its analysis, where that is kept."""
        key = (flow.pk, flow.revision, environment)
        with self._lock:
            if kept := self._analyses.get(key):
                self._analyses[key] = kept._replace(flow=flow)

    def _analyse(self, flow: Flow, environment: Environment) -> _Analysed:
        """Return the analysis, and the connections and variables of the environment that it was made with."""
        key = (flow.pk, flow.revision, environment)
        kept = self._analyses.get(key)
        needs = kept.needs if kept else _find_needs(flow.graph)
        loaded = loaded_connections.load(flow.workspace_id, needs.connection_ids, environment)
        variables = loaded_variables.load(flow.workspace_id, environment) if needs.may_read_env else NO_VALUES
        names = read_names(flow.workspace_id, needs.named_types)
        workspace = ({id: each.facts for id, each in loaded.items()}, names, variables.problems)
        with self._lock:
            kept = self._analyses.get(key)
            if kept and kept.workspace == workspace:
                self._analyses.move_to_end(key)
                return kept.analysis, loaded, variables
        analysis = compile_plan(Graph.model_validate(flow.graph), get_actions(), *workspace)
        with self._lock:
            self._keep(key, _KeptAnalysis(workspace, analysis, len(to_json(flow.graph)), flow, needs))
        return analysis, loaded, variables

    def _keep(self, key: _PlanKey, entry: _KeptAnalysis) -> None:
        """Keep the analysis, in place of an earlier one of the revision and of those that were used longest ago."""
        if key in self._analyses:
            self._graph_bytes -= self._analyses.pop(key).graph_bytes
        self._analyses[key] = entry
        self._graph_bytes += entry.graph_bytes
        while len(self._analyses) > MAX_PLANS or (self._graph_bytes > MAX_GRAPH_BYTES and len(self._analyses) > 1):
            self._graph_bytes -= self._analyses.popitem(last=False)[1].graph_bytes


def _find_needs(graph: Mapping[str, Any]) -> _Needs:
    return _Needs(find_connection_ids(graph), find_named_types(graph), may_read_env(to_json(graph)))


plan_cache = PlanCache()
"""Of the process: every start uses it, in whichever thread and for whichever workspace."""


def find_connection_ids(graph: Mapping[str, Any]) -> frozenset[str]:
    """Return every text in a property for a connection that could be the id of one."""
    nodes = [node for node in graph.get("nodes", ()) if node["action"] in get_actions()]
    values = [node.get("properties", {}).get(name) for node in nodes for name in _find_properties(node["action"])]
    return frozenset(value for value in values if isinstance(value, str) and read_uuid(value))


@cache  # every start asks, and reading annotations is slow; the actions of a process never change
def _find_properties(action_type: str) -> tuple[str, ...]:
    """Return the names of the properties that are for a connection."""
    fields = get_actions()[action_type].Properties.model_fields
    return tuple(name for name, field in fields.items() if get_connection_kind(field))


def _refuse(flow: Flow, analysis: Analysis) -> DomainError:
    problems = [problem.to_json() for problem in analysis.problems]
    first = next(problem for problem in analysis.problems if problem.severity == "error")
    message = f"{flow.name!r} cannot run: {first.message}"
    return DomainError("invalid", "flow_has_problems", message, hint=first.hint, problems=problems)
