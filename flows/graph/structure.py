"""The order of a graph: ports, entry, reach and cycles. Pure: no Django, no I/O.

Everything is linear in nodes and edges, so that 500 nodes are checked while a builder types.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from actions.contract.action import NEXT, AnyAction, Branch
from actions.contract.catalogue import can_attach
from flows.graph.document import Edge, Graph, Node
from flows.graph.problems import Problem

MAX_DEPTH = 40
"""How deep paths may lie in paths; each level is a level of the engine's call stack."""


@dataclass(slots=True)
class Structure:
    """What the edges of a graph say."""

    nodes: dict[str, Node]
    """The nodes of the graph, by id."""
    actions: dict[str, AnyAction]
    """The action of each node that names one which exists, by the id of the node."""
    entry: str | None = None
    """The id of the trigger; None when there is none."""
    targets: dict[str, dict[str, str]] = field(default_factory=dict)
    """`targets[node][branch]` is the node that the branch leads to."""
    incoming: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """The nodes and branches that lead to each node."""
    helpers: dict[str, dict[str, str]] = field(default_factory=dict)
    """`helpers[node][attachment]` is the helper that hangs there."""
    order: list[str] = field(default_factory=list)
    """The nodes in topological order: each comes after all that lead to it. Those on a cycle are absent."""
    reachable: set[str] = field(default_factory=set)
    """The nodes that some path from the trigger leads to; empty when the graph has a cycle or no trigger."""
    problems: list[Problem] = field(default_factory=list)
    """What is wrong with nodes, edges and their order."""

    def get_title(self, node_id: str) -> str:
        """Return what the builder calls the node, else the action's title, else the type of an unknown action."""
        node = self.nodes[node_id]
        title = node.properties.get("title")
        action = self.actions.get(node_id)
        return title if isinstance(title, str) and title.strip() else action.title if action else node.action

    def get_branches(self, node_id: str) -> tuple[Branch, ...]:
        """Return the node's execution outputs: those of its cases, then those of its action."""
        return self.actions[node_id].get_branches(self.nodes[node_id].properties)

    def may_emit(self, node_id: str) -> bool:
        """Return whether the node yields to the caller."""
        properties = self.nodes[node_id].properties
        return not self.is_disabled(node_id) and self.actions[node_id].may_emit(properties)

    def is_disabled(self, node_id: str) -> bool:
        return self.nodes[node_id].properties.get("disabled") is True


def read_structure(graph: Graph, registry: Mapping[str, AnyAction]) -> Structure:
    """Return the structure of `graph`, with every problem of nodes, edges and order in `problems`."""
    nodes = {node.id: node for node in graph.nodes}
    actions = {node.id: registry[node.action] for node in graph.nodes if node.action in registry}
    structure = Structure(nodes, actions)
    structure.problems += _check_nodes(graph, registry)
    _read_edges(structure, graph.edges)
    _find_entry(structure)
    _sort(structure)
    _find_reachable(structure)
    return structure


def _check_nodes(graph: Graph, registry: Mapping[str, AnyAction]) -> Iterator[Problem]:
    for kind, ids in (("node", [n.id for n in graph.nodes]), ("edge", [e.id for e in graph.edges])):
        for repeated in (key for key, count in Counter(ids).items() if count > 1):
            yield Problem("duplicate_id", f"Two {kind}s have the id {repeated!r}.")
    for node in graph.nodes:
        if node.action not in registry:
            message = f"No action {node.action!r} exists on this server."
            yield Problem("unknown_action", message, node.id, hint="Delete the node, or install what provides it.")


def _read_edges(structure: Structure, edges: Iterable[Edge]) -> None:
    for edge in edges:
        problem = _check_edge(structure, edge)
        if problem:
            structure.problems.append(problem)
        elif edge.kind == "execution":
            structure.targets.setdefault(edge.source, {})[edge.source_port] = edge.target
            structure.incoming.setdefault(edge.target, []).append((edge.source, edge.source_port))
        else:
            structure.helpers.setdefault(edge.source, {})[edge.source_port] = edge.target


def _check_edge(structure: Structure, edge: Edge) -> Problem | None:
    for end in (edge.source, edge.target):
        if end not in structure.nodes:
            return Problem("missing_node", f"An edge leads to {end!r}, which is not in the flow.", edge=edge.id)
    source, target = structure.actions.get(edge.source), structure.actions.get(edge.target)
    if source is None or target is None:
        return None
    if edge.kind == "execution":
        return _check_execution(structure, edge, source, target)
    return _check_attachment(structure, edge, source, target)


def _check_execution(structure: Structure, edge: Edge, source: AnyAction, target: AnyAction) -> Problem | None:
    if edge.source_port not in {branch.name for branch in structure.get_branches(edge.source)}:
        return _report_unknown_port(edge, source, edge.source_port, edge.source)
    if edge.target_port != "in" or target.role in ("trigger", "helper"):
        return _report_unknown_port(edge, target, edge.target_port, edge.target)
    if edge.source_port in structure.targets.get(edge.source, {}):
        message = f"{structure.get_title(edge.source)!r} has two edges at {edge.source_port!r}."
        return Problem("second_edge", message, edge.source, edge.id, hint="Delete one of them.")
    return None


def _check_attachment(structure: Structure, edge: Edge, source: AnyAction, target: AnyAction) -> Problem | None:
    attachment = next((a for a in source.attachments if a.name == edge.source_port), None)
    if attachment is None:
        return _report_unknown_port(edge, source, edge.source_port, edge.source)
    if edge.target_port != "host" or not can_attach(target, attachment):
        message = f"{attachment.title} of {structure.get_title(edge.source)!r} does not take {target.title!r}."
        return Problem("attachment_does_not_fit", message, edge.source, edge.id)
    return None


def _report_unknown_port(edge: Edge, action: AnyAction, port: str, node: str) -> Problem:
    return Problem("unknown_port", f"{action.title} has no port {port!r}.", node, edge.id, hint="Delete the edge.")


def _find_entry(structure: Structure) -> None:
    triggers = [id for id, action in structure.actions.items() if action.role == "trigger"]
    if not triggers:
        structure.problems.append(
            Problem(
                "no_trigger",
                "The flow has no trigger.",
                hint="Add a Chat completion trigger: a run begins there.",
            )
        )
        return
    structure.entry = triggers[0]
    for extra in triggers[1:]:
        message = f"{structure.get_title(extra)!r} is a second trigger; a flow has one."
        structure.problems.append(Problem("second_trigger", message, extra, hint="Delete one of them."))


def _sort(structure: Structure) -> None:
    """Order the nodes so that each comes after all that lead to it; what is left over lies on a cycle."""
    waiting = {id: len(structure.incoming.get(id, ())) for id in structure.nodes}
    ready = [id for id, count in waiting.items() if count == 0]
    while ready:
        node = ready.pop()
        structure.order.append(node)
        for target in structure.targets.get(node, {}).values():
            waiting[target] -= 1
            if waiting[target] == 0:
                ready.append(target)
    left = [id for id, count in waiting.items() if count > 0]
    if left:
        structure.problems.append(_report_cycle(structure, left))


def _report_cycle(structure: Structure, left: list[str]) -> Problem:
    members, path = set(left), [left[0]]
    while path.count(path[-1]) < 2:
        before = (source for source, _ in structure.incoming[path[-1]] if source in members)
        path.append(next(before))
    loop = path[path.index(path[-1]) :][::-1]
    names = " > ".join(structure.get_title(id) for id in loop)
    return Problem("cycle", f"The flow runs in a circle: {names}.", loop[0], hint="Delete one of these edges.")


def _find_reachable(structure: Structure) -> None:
    if structure.entry is None or len(structure.order) < len(structure.nodes):
        return
    depth = {structure.entry: 0}
    for node in structure.order:
        if node in depth:
            for branch, target in structure.targets.get(node, {}).items():
                depth[target] = max(depth.get(target, 0), depth[node] + (branch != NEXT.name))
    structure.reachable = set(depth)
    structure.problems += _check_reach(structure, depth)
    structure.problems += _check_loops(structure)


def _check_reach(structure: Structure, depth: Mapping[str, int]) -> Iterator[Problem]:
    attached = {helper for ports in structure.helpers.values() for helper in ports.values()}
    for node_id, action in structure.actions.items():
        if node_id not in depth and node_id not in attached and action.role != "trigger":
            verb = "helps no action" if action.role == "helper" else "never runs: nothing leads to it"
            message = f"{structure.get_title(node_id)!r} {verb}."
            yield Problem("unreachable", message, node_id, severity="warning", hint="Connect it, or delete it.")
    too_deep = next((id for id, level in depth.items() if level > MAX_DEPTH), None)
    if too_deep:
        yield Problem(
            "too_deep",
            f"{structure.get_title(too_deep)!r} lies {MAX_DEPTH} paths deep, which is the limit.",
            too_deep,
        )


def _check_loops(structure: Structure) -> Iterator[Problem]:
    looping = find_nodes_behind(structure, lambda branch: branch.repeats)
    for node_id in structure.reachable:
        if structure.actions[node_id].in_loop and node_id not in looping and not structure.is_disabled(node_id):
            message = f"{structure.get_title(node_id)!r} is in no path that repeats."
            hint = "Put it behind For each item, Do or For each message."
            yield Problem("not_in_loop", message, node_id, hint=hint)


def find_nodes_behind(structure: Structure, is_wanted: Callable[[Branch], bool]) -> set[str]:
    """Return the nodes that lie in the path of some branch that is wanted, at any depth."""
    behind: set[str] = set()
    todo = [
        target
        for node in structure.reachable
        if not structure.is_disabled(node)
        for branch in structure.get_branches(node)
        if is_wanted(branch) and (target := structure.targets.get(node, {}).get(branch.name))
    ]
    while todo:
        node = todo.pop()
        if node not in behind:
            behind.add(node)
            todo += structure.targets.get(node, {}).values()
    return behind
