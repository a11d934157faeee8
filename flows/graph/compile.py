"""`compile_plan`: the only validator of a graph; it returns the plan and every problem.

Pure: no Django, no I/O. The editor, save and run all use it; the browser never compiles.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.contract.action import AnyAction
from actions.contract.catalogue import get_property_type
from actions.contract.connection import ConnectionFacts
from actions.contract.property_types import FLOW
from flows.graph.document import Graph
from flows.graph.plan import Plan, PlanNode
from flows.graph.problems import Problem
from flows.graph.property_check import NodeValues, WorkspaceNames, convert_problem, read_node_values
from flows.graph.streaming_proof import Streaming, read_streaming
from flows.graph.structure import Structure, read_structure
from flows.graph.variable_scope import find_branch_variable, find_result, read_scopes
from flows.graph.variables import Scope, describe_scopes


@dataclass(slots=True)
class Analysis:
    """All that is known of a graph when it has been compiled."""

    plan: Plan | None
    """What a run executes; None when a problem of severity error is among the problems."""
    problems: list[Problem]
    """Every problem: those of the structure first, then those of properties, then those of streaming."""
    structure: Structure
    """What the edges say."""
    scopes: dict[str, Scope]
    """The variables at the entrance of each reachable node, by the id of the node."""
    streaming: Streaming
    """Whether a caller receives the answer piece by piece, and why."""
    env_names: frozenset[str] = frozenset()
    """The names of the workspace's variables that a run reads."""
    simulators: list[str] = field(default_factory=list)
    """The ids of the nodes whose connection is the demo's simulator."""

    def to_json(self) -> dict[str, Any]:
        """Return the JSON that the editor shows."""
        return {
            "runnable": self.plan is not None,
            "problems": [problem.to_json() for problem in self.problems],
            **describe_scopes(self.scopes, self.structure.get_title),
            "streaming": self.streaming.to_json(),
            "simulators": self.simulators,
        }


def compile_plan(
    graph: Graph,
    registry: Mapping[str, AnyAction],
    connections: Mapping[str, ConnectionFacts],
    names: Mapping[str, Mapping[str, object]] | None = None,
    variables: Mapping[str, str | None] | None = None,
) -> Analysis:
    """Return the analysis of `graph`; its `plan` is None when a problem of severity error is among them.

    `connections` are those that the workspace may use, by id; `names` tells by type of property (collection, flow)
    which values the workspace has, and what is known of each. `variables` are those of the workspace by name: why one
    cannot be read in the environment, or None. Raises nothing for what a graph may hold.
    """
    structure = read_structure(graph, registry)
    scopes = read_scopes(structure)
    values = dict(_read_values(structure, scopes, WorkspaceNames(connections, names or {}, variables or {})))
    _check_helpers(structure, values)
    streaming, streaming_problems = read_streaming(structure)
    problems = [
        *structure.problems,
        *(problem for node in values.values() for problem in node.problems),
        *streaming_problems,
    ]
    failed = any(problem.severity == "error" for problem in problems)
    plan = None if failed else _build_plan(structure, values)
    simulators = [id for id, v in values.items() if any(connections[c].simulator for c in v.connections.values())]
    env_names = frozenset(name for node in values.values() for name in node.env_names.all)
    return Analysis(plan, problems, structure, scopes, streaming, env_names, simulators)


def _read_values(
    structure: Structure, scopes: Mapping[str, Scope], workspace: WorkspaceNames
) -> Iterator[tuple[str, NodeValues]]:
    for node_id, action in structure.actions.items():
        if not structure.is_disabled(node_id):
            scope = scopes.get(node_id, Scope())
            yield node_id, read_node_values(structure.nodes[node_id], action, scope, workspace)


def _check_helpers(structure: Structure, values: Mapping[str, NodeValues]) -> None:
    """Add to each host what does not fit between it and its helpers. Problems of their own properties come first."""
    sound = {id: node for id, node in values.items() if not any(p.severity == "error" for p in node.problems)}
    for host, node in sound.items():
        helpers = {name: id for name, id in structure.helpers.get(host, {}).items() if id in values}
        if helpers.keys() and not set(helpers.values()) <= sound.keys():
            continue
        attached = {name: structure.actions[id].describe_help(values[id].known_values) for name, id in helpers.items()}
        problems = structure.actions[host].check_attached(node.known_values, attached)
        node.problems += [convert_problem(problem, host) for problem in problems]


def _build_plan(structure: Structure, values: Mapping[str, NodeValues]) -> Plan:
    assert structure.entry is not None  # a graph without a trigger has a problem, and no plan
    nodes = {id: _build_plan_node(structure, id, values.get(id, NodeValues())) for id in _list_needed(structure)}
    return Plan(structure.entry, nodes)


def _list_needed(structure: Structure) -> Iterator[str]:
    for node in structure.order:
        if node in structure.reachable:
            yield node
            yield from structure.helpers.get(node, {}).values()


def _build_plan_node(structure: Structure, node_id: str, values: NodeValues) -> PlanNode:
    action, branches = structure.actions[node_id], structure.get_branches(node_id)
    result = find_result(structure, node_id)
    messages = ((branch.name, find_branch_variable(structure, node_id, branch)) for branch in branches)
    return PlanNode(
        id=node_id,
        action=action(),
        title=structure.get_title(node_id),
        disabled=structure.is_disabled(node_id),
        fixed_values=values.fixed_values,
        bindings=values.bindings,
        connections=values.connections,
        flows=tuple(_find_called_flows(action, values.fixed_values)),
        branches=structure.targets.get(node_id, {}),
        repeating=frozenset(branch.name for branch in branches if branch.repeats),
        result_variable=result.name if result else None,
        declares=action.declares,
        message_variables={name: variable.name for name, variable in messages if variable},
        helpers=structure.helpers.get(node_id, {}),
    )


def _find_called_flows(action: AnyAction, fixed: Mapping[str, Any]) -> Iterator[str]:
    """Return the flows that the action runs. One that a trigger names is listened to."""
    if action.role == "trigger":
        return iter(())
    fields = action.Properties.model_fields
    return (value for name, value in fixed.items() if get_property_type(fields[name]) is FLOW and value)
