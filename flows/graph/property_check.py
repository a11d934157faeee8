"""The properties of one node: compiled bindings, checked values, and every problem with them. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from actions.contract.action import AnyAction
from actions.contract.catalogue import get_connection_kind, get_modes, get_property_title, get_property_type
from actions.contract.connection import ConnectionFacts
from actions.contract.properties import ActionProperties, get_options
from actions.contract.property_types import JSON, Mode
from actions.contract.records import RecordType
from expressions.errors import ExpressionError, build_unknown_name_error
from flows.graph.bindings import Binding, compile_binding, is_expression, is_fixed, read_bare_path
from flows.graph.document import Node
from flows.graph.env_reads import ENV, NO_ENV_NAMES, EnvNames, check_env_names, find_env_names
from flows.graph.problems import Problem, describe_property_error
from flows.graph.property_value import validate_property
from flows.graph.type_check import check_type
from flows.graph.variables import Scope


@dataclass(frozen=True, slots=True)
class WorkspaceNames:
    """What the workspace has that a property may name."""

    connections: Mapping[str, ConnectionFacts]
    """The connections, by id."""
    names: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """The values of other types of property and what is known of each, by the name of the type. A type that is absent
    is not checked."""
    variables: Mapping[str, str | None] = field(default_factory=dict)
    """The workspace's variables by name: why one cannot be read in the environment of the run, or None."""


@dataclass(slots=True)
class NodeValues:
    """What gives a node its properties in a run, each by the name of the property."""

    fixed_values: dict[str, Any] = field(default_factory=dict)
    """The values that are the same in every run, already valid."""
    bindings: dict[str, Binding] = field(default_factory=dict)
    """What is evaluated when the node runs."""
    connections: dict[str, str] = field(default_factory=dict)
    """The ids of the connections."""
    env_names: EnvNames = NO_ENV_NAMES
    """The workspace's variables that the bindings read."""
    known_values: dict[str, Any] = field(default_factory=dict)
    """What `Action.check` may judge: the fixed values, the defaults, and the facts of connections and collections."""
    problems: list[Problem] = field(default_factory=list)
    """What is wrong with the properties."""


def read_node_values(node: Node, action: AnyAction, scope: Scope, workspace: WorkspaceNames) -> NodeValues:
    """Return the node's values; `problems` holds everything that keeps them from being used."""
    values = NodeValues()
    fields = action.Properties.model_fields
    for name in node.properties.keys() - fields.keys():
        message = f"{action.title} has no property {name!r}."
        values.problems.append(Problem("unknown_property", message, node.id, property=name, hint="Remove it."))
    for name, info in fields.items():
        _read_property(values, node, name, info, scope, workspace, action.Properties)
    values.known_values = _add_defaults(values, fields)
    if not values.problems:
        values.problems += [convert_problem(problem, node.id) for problem in action.check(values.known_values)]
    return values


def _read_property(
    values: NodeValues,
    node: Node,
    name: str,
    info: FieldInfo,
    scope: Scope,
    workspace: WorkspaceNames,
    model: type[ActionProperties],
) -> None:
    raw = node.properties.get(name)
    if raw is None or (raw == "" and info.is_required()):
        if info.is_required():
            values.problems.append(_report_required(node.id, name, info))
        return
    if kind := get_connection_kind(info):
        values.problems += _read_connection(values, node.id, name, raw, kind, workspace.connections)
    elif get_options(info).verbatim or is_fixed(raw, may_be_expression=_may_be_expression(info)):
        values.problems += _read_fixed(values, node.id, name, raw, info, model)
        values.problems += _read_name(values, node.id, name, raw, info, workspace)
    else:
        values.problems += _read_bound(values, node.id, name, raw, info, scope, workspace.variables)
        values.problems += check_type(node.id, name, raw, info, scope, model)


def _may_be_expression(info: FieldInfo) -> bool:
    """Return whether `{"expression": "…"}` is an expression here, and not an object with a field of that name."""
    return get_property_type(info) is not JSON or "variable" in get_modes(info)


def _report_required(node_id: str, name: str, info: FieldInfo) -> Problem:
    title = get_property_title(name, info)
    chosen = get_property_type(info).source is not None or get_options(info).widget in ("model", "select")
    return Problem(
        "required",
        f"{title} is required.",
        node_id,
        property=name,
        hint="Choose one." if chosen else "Give it a value.",
    )


def _read_connection(
    values: NodeValues, node_id: str, name: str, raw: Any, kind: str, connections: Mapping[str, ConnectionFacts]
) -> Iterator[Problem]:
    facts = connections.get(raw) if isinstance(raw, str) else None
    if facts is None or facts.kind != kind:
        message = "This connection does not exist in the workspace."
        yield Problem("unknown_connection", message, node_id, property=name, hint="Choose another connection.")
        return
    values.connections[name] = raw  # and not the id of a stand-in, whose facts these may be
    values.known_values[name] = facts
    if not facts.usable:
        message = facts.problem or f"Connection {facts.name!r} cannot be used."
        yield Problem(
            "connection_not_usable",
            message,
            node_id,
            property=name,
            hint="Open the connection and put that right, or choose another.",
        )


def _read_fixed(
    values: NodeValues, node_id: str, name: str, raw: Any, info: FieldInfo, model: type[ActionProperties]
) -> Iterator[Problem]:
    try:
        values.fixed_values[name] = validate_property(model, name, raw)
    except ValidationError as error:
        message = describe_property_error(get_property_title(name, info), error)
        yield Problem("invalid_value", message, node_id, property=name)


def _read_name(
    values: NodeValues, node_id: str, name: str, raw: Any, info: FieldInfo, workspace: WorkspaceNames
) -> Iterator[Problem]:
    kind = get_property_type(info).name
    known = workspace.names.get(kind)
    if known is None or not isinstance(raw, str):
        return
    if raw in known:
        values.known_values[name] = known[raw]
        return
    near = build_unknown_name_error(raw, known).hint or ""
    hint = near if near.startswith("Nearest") else "Choose one of the list."
    yield Problem(f"unknown_{kind}", f"This {kind} does not exist in the workspace.", node_id, property=name, hint=hint)


def _read_bound(
    values: NodeValues,
    node_id: str,
    name: str,
    raw: Any,
    info: FieldInfo,
    scope: Scope,
    variables: Mapping[str, str | None],
) -> Iterator[Problem]:
    may_be_expression = _may_be_expression(info)
    mode = _find_mode(raw, may_be_expression)
    title = get_property_title(name, info)
    if mode not in get_modes(info):
        yield Problem("mode_not_allowed", f"{title} takes no {mode}.", node_id, property=name, hint="Type its value.")
        return
    try:
        values.bindings[name] = compile_binding(raw, {ENV, *scope.possible}, may_be_expression=may_be_expression)
    except ExpressionError as error:
        yield Problem(
            error.code,
            f"{title}: {error.message}",
            node_id,
            property=name,
            hint=error.hint,
            column=error.column,
        )
        return
    yield from _check_path(node_id, name, raw, scope)
    if ENV in scope.possible:  # a node has set a variable of this name, which hides those of the workspace
        read = values.bindings[name].names
    else:
        read = values.bindings[name].names - {ENV}
        env_names = find_env_names(values.bindings[name])
        values.env_names = values.env_names.join(env_names)
        yield from check_env_names(env_names, variables, node_id, name, title)
    yield from _warn_of_unset(node_id, name, read - scope.definite, title)


def _find_mode(raw: Any, may_be_expression: bool) -> Mode:
    if may_be_expression and is_expression(raw):
        return "variable"
    return "template" if isinstance(raw, str) else "literal"


def _check_path(node_id: str, name: str, raw: Any, scope: Scope) -> Iterator[Problem]:
    """A path into a record of known shape is checked before any run."""
    path = read_bare_path(raw)
    root, _, rest = (path or "").partition(".")
    variable = scope.possible.get(root)
    if not variable or not rest or not _is_closed(variable.record_type):
        return
    fields = {f.name for f in variable.record_type.fields}
    first = rest.split(".")[0].split("[")[0]
    if first not in fields:
        near = build_unknown_name_error(first, fields).hint
        message = f"{variable.record_type.title} {root!r} has no field {first!r}."
        hint = near if near and near.startswith("Nearest") else f"It has {', '.join(sorted(fields))}."
        yield Problem("unknown_field", message, node_id, property=name, hint=hint)


def _is_closed(record_type: RecordType) -> bool:
    return bool(record_type.fields) and not record_type.open


def _warn_of_unset(node_id: str, name: str, names: frozenset[str], title: str) -> Iterator[Problem]:
    for variable in sorted(names):
        message = f"{title}: {variable!r} may have no value here; then the run fails at this node."
        hint = "Set it on every way that leads here."
        yield Problem("may_be_unset", message, node_id, property=name, severity="warning", hint=hint)


def _add_defaults(values: NodeValues, fields: Mapping[str, FieldInfo]) -> dict[str, Any]:
    bound = values.bindings.keys() | values.connections.keys()
    defaults = {
        name: info.get_default(call_default_factory=True)
        for name, info in fields.items()
        if not info.is_required() and name not in bound
    }
    return {**defaults, **values.fixed_values, **values.known_values}


def convert_problem(problem: Any, node_id: str) -> Problem:
    """Return the problem that an action tells of its properties, as one of the graph."""
    return Problem(
        problem.code,
        problem.message,
        node_id,
        property=problem.property,
        severity=problem.severity,
        hint=problem.hint,
        column=problem.column,
    )
