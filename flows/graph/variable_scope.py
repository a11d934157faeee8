"""Which variables a node may read, and who provides them. Pure: no Django, no I/O.

A variable is *definite* at a node when every way there sets it, and *possible* when some way does.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from actions.contract.action import NEXT, Branch
from actions.contract.records import ANY
from flows.graph.structure import Structure
from flows.graph.variables import Scope, Variable


def read_scopes(structure: Structure) -> dict[str, Scope]:
    """Return the scope of every reachable node. A disabled node provides nothing."""
    inside = _find_variables_behind(structure)
    scopes: dict[str, Scope] = {}
    for node in structure.order:
        if node in structure.reachable:
            scopes[node] = _merge(
                [
                    _follow_branch(structure, scopes[source], source, branch, inside)
                    for source, branch in _list_sources(structure, node)
                ]
            )
    return scopes


def list_results(structure: Structure, node: str) -> list[Variable]:
    """Return the variables that are set when the node has run: its output, and those that it declares."""
    result = find_result(structure, node)
    return [*([result] if result else []), *_list_declared(structure, node)]


def _list_declared(structure: Structure, node: str) -> Iterator[Variable]:
    name = structure.actions[node].declares
    values = structure.nodes[node].properties.get(name) if name else None
    if isinstance(values, dict) and not structure.is_disabled(node):
        yield from (Variable(key, ANY, node) for key in values)


def find_result(structure: Structure, node: str) -> Variable | None:
    """Return the variable that holds the node's output, or None when it has none."""
    output = structure.actions[node].get_output(structure.nodes[node].properties)
    name = _get_variable_name(structure, node, output.name) if output else None
    return Variable(name, output.record_type, node) if output and name else None


def find_branch_variable(structure: Structure, node: str, branch: Branch) -> Variable | None:
    name = _get_variable_name(structure, node, branch.provides) if branch.provides else None
    return Variable(name, branch.record_type, node) if name else None


def _get_variable_name(structure: Structure, node: str, property_name: str) -> str | None:
    if structure.is_disabled(node):
        return None
    field_info = structure.actions[node].Properties.model_fields[property_name]
    default = None if field_info.is_required() else field_info.default
    value = structure.nodes[node].properties.get(property_name, default)
    return value if isinstance(value, str) and value else None


def _list_sources(structure: Structure, node: str) -> Iterator[tuple[str, str]]:
    return ((s, branch) for s, branch in structure.incoming.get(node, ()) if s in structure.reachable)


def _follow_branch(
    structure: Structure, scope: Scope, node: str, branch_name: str, inside: dict[str, dict[str, Variable]]
) -> Scope:
    """Return what is known when the node leaves by `branch_name`."""
    if structure.is_disabled(node):
        return scope
    if branch_name == NEXT.name:
        result = list_results(structure, node)
        possible = _join(scope.possible, inside.get(node, {}))
        return _add_variables(Scope(possible, scope.definite), result)
    branch = next(b for b in structure.get_branches(node) if b.name == branch_name)
    message = [variable] if (variable := find_branch_variable(structure, node, branch)) else []
    # A path that repeats may read on its second pass what it set on its first.
    again = inside.get(node, {}) if branch.repeats else {}
    return _add_variables(Scope(_join(scope.possible, again), scope.definite), message)


def _add_variables(scope: Scope, variables: Iterable[Variable]) -> Scope:
    added = {variable.name: variable for variable in variables}
    return Scope({**scope.possible, **added}, scope.definite | added.keys())


def _join(some: dict[str, Variable], others: dict[str, Variable]) -> dict[str, Variable]:
    """Return the variables of both. What two ways set differently may have any shape."""
    joined = {**some, **others}
    for name in some.keys() & others.keys():
        if some[name].record_type != others[name].record_type:
            joined[name] = replace(others[name], record_type=ANY)
    return joined


def _merge(scopes: list[Scope]) -> Scope:
    if not scopes:
        return Scope()
    possible = dict[str, Variable]()
    for scope in scopes:
        possible = _join(possible, scope.possible)
    definite = set.intersection(*(set(scope.definite) for scope in scopes))
    return Scope(possible, definite)


def _find_variables_behind(structure: Structure) -> dict[str, dict[str, Variable]]:
    """Return for each node the variables that its own paths (not Continue) may set."""
    reach: dict[str, dict[str, Variable]] = {}  # set by a node and by all that comes after it
    behind: dict[str, dict[str, Variable]] = {}
    for node in reversed(structure.order):
        if node not in structure.actions:
            continue
        own = [v for branch in structure.get_branches(node) if (v := find_branch_variable(structure, node, branch))]
        after = dict[str, Variable]()
        behind[node] = {variable.name: variable for variable in own}
        for branch_name, target in structure.targets.get(node, {}).items():
            (after if branch_name == NEXT.name else behind[node]).update(reach.get(target, {}))
        results = {variable.name: variable for variable in list_results(structure, node)}
        reach[node] = {**behind[node], **after, **results}
    return behind
