"""The flows that a client may call as tools: those whose trigger says so. Sync."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q
from pydantic_core import to_json

from actions.contract.action import Action
from actions.contract.errors import DomainError
from actions.contract.registry import get_actions
from actions.json_schema.compile import MAX_SCHEMA_BYTES
from flows.addresses import find_flow_id
from flows.models import FlowVersion
from flows.protocols.callable_flows import iterate_callable_flows
from flows.protocols.mcp.errors import INVALID_PARAMS, RpcError
from flows.runs.plan_cache import plan_cache
from workspaces.access import Caller

MAX_TOOLS = 100
"""Of one page."""
MAX_PAGE_BYTES = 1024 * 1024
"""Of the schemas of one page, unless a single one is larger."""
MAX_KEPT = 500
"""The revisions of flows of which it is kept what a tool takes."""


class Tool(NamedTuple):
    """A flow as clients list it."""

    flow_id: UUID
    name: str
    title: str
    description: str
    input_schema: Mapping[str, Any]


class ToolPage(NamedTuple):
    """Some of the tools, by their names in alphabetical order."""

    tools: list[Tool]
    cursor: str | None
    """Asks for the next page; None behind the last one."""


def list_tools(caller: Caller, after: str = "") -> ToolPage:
    """Return the tools that the caller may call, beginning behind the name `after`."""
    found = list(islice(_find_tools(caller, Q(name__gt=after)), MAX_TOOLS + 1))
    page: list[Tool] = []
    room = MAX_PAGE_BYTES
    for tool in found[:MAX_TOOLS]:
        room -= len(to_json(tool.input_schema))
        if room < 0 and page:
            break
        page.append(tool)
    return ToolPage(page, page[-1].name if len(page) < len(found) else None)


def find_tool(caller: Caller, name: str) -> UUID:
    """Return the flow of one of `list_tools`, by its name or an old one; raises RpcError. Each call asks."""
    try:
        flow_id = find_flow_id(caller.workspace_id, name)
        flow = plan_cache.get_flow(caller.workspace_id, flow_id, caller.flows, caller.environments[0])
    except DomainError:  # unknown, not for this key, or published nowhere
        raise _build_unknown(name) from None
    if _read_input_schema(flow_id, flow.revision) is None:
        raise _build_unknown(name)
    return flow_id


def _build_unknown(name: str) -> RpcError:
    hint = "tools/list names those that there are."
    return RpcError(INVALID_PARAMS, f"There is no tool {name[:100]!r} that this key may call.", hint=hint)


def _find_tools(caller: Caller, wanted: Q) -> Iterator[Tool]:
    for row, revision in iterate_callable_flows(caller, wanted, "name"):
        schema = _read_input_schema(row.flow_id, revision)
        if schema is not None:
            yield Tool(row.flow_id, row.name, row.flow.name, row.flow.description or row.flow.name, schema)


@lru_cache(MAX_KEPT)  # clients list tools at each conversation, and the graph of a revision never changes
def _read_input_schema(flow_id: UUID, revision: int) -> Mapping[str, Any] | None:
    """Return what the flow takes as a tool; None when it is none."""
    graphs = FlowVersion.objects.filter(flow_id=flow_id, revision=revision).values_list("graph", flat=True)
    for node in (node for graph in graphs for node in graph.get("nodes", ())):
        action = get_actions().get(node["action"])
        if action is not None and action.role == "trigger":
            properties = node.get("properties", {})
            is_offered = properties.get("offer_as_tool") is True
            return _describe_input(action, properties) if is_offered else None
    return None


def _describe_input(action: type[Action[Any]], properties: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the schema of what a trigger takes; None when it is larger than a schema may be, as a draft's can be."""
    schema = {**action.describe_input(properties), "type": "object"}
    return schema if len(to_json(schema)) <= MAX_SCHEMA_BYTES else None
