"""The flows that a caller may call, as its environment runs them. Sync."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Q

from flows.models import FlowAddress
from flows.versions.pins import get_pinned
from workspaces.access import Caller


class CallableFlow(NamedTuple):
    """A flow that has something to run in the caller's environment."""

    address: FlowAddress
    """Its current address name. The flow is loaded with it, all but its draft."""
    revision: int
    """The number of the version that runs."""


def iterate_callable_flows(caller: Caller, wanted: Q, order: str) -> Iterator[CallableFlow]:
    """Yield the flows whose address fits `wanted`, one after the other as they are read."""
    rows = FlowAddress.objects.filter(wanted, workspace_id=caller.workspace_id, is_current=True).order_by(order)
    if caller.flows is not None:
        rows = rows.filter(flow_id__in=caller.flows)
    for row in rows.select_related("flow").defer("flow__graph").iterator():
        revision = get_pinned(row.flow, caller.environments[0])
        if revision is not None:
            yield CallableFlow(row, revision)
