"""The flows that a caller may name as a model. Sync."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from flows.addresses import find_flow_id
from flows.models import FlowVersion
from flows.protocols.callable_flows import iterate_callable_flows
from flows.protocols.chat_call import CHAT_TRIGGER
from web.errors import build_not_found
from web.text import read_uuid
from workspaces.access import Caller

MAX_MODELS = 1_000
"""Of one page."""
MAX_KEPT = 10_000
"""The revisions of flows of which it is kept whether they take a chat."""


class ListedModel(NamedTuple):
    """A flow as clients of models list it."""

    address: str
    name: str
    created_at: datetime


class ModelPage(NamedTuple):
    """Some of the models, by their addresses in alphabetical order."""

    models: list[ListedModel]
    has_more: bool
    """Whether there are more in the direction in which the page was asked for."""


def list_models(caller: Caller, limit: int = MAX_MODELS, *, after: str = "", before: str = "") -> ModelPage:
    """Return the flows that the caller may run, as they are in its environment, if they take a chat.

    The page begins behind the address `after`, or ends in front of the address `before`. At most `limit` are read.
    """
    wanted = Q(name__lt=before) if before else Q(name__gt=after)
    found = list(islice(_find_models(caller, wanted, "-name" if before else "name"), limit + 1))
    models = found[:limit]
    return ModelPage(models[::-1] if before else models, len(found) > limit)


def get_model(caller: Caller, model: str) -> ListedModel:
    """Return one of `list_models`, by its address, one of its old ones or its id; raises DomainError `not_found`."""
    id = find_flow_id(caller.workspace_id, read_uuid(model) or model)
    found = next(_find_models(caller, Q(flow_id=id), "name"), None)
    if found is None:
        raise build_not_found()
    return found


def _find_models(caller: Caller, wanted: Q, order: str) -> Iterator[ListedModel]:
    for row, revision in iterate_callable_flows(caller, wanted, order):
        if _takes_chat(row.flow_id, revision):
            yield ListedModel(row.name, row.flow.name, row.flow.created_at)


@lru_cache(MAX_KEPT)  # clients of models list them at each page, and the graph of a revision never changes
def _takes_chat(flow_id: UUID, revision: int) -> bool:
    graphs = FlowVersion.objects.filter(flow_id=flow_id, revision=revision).values_list("graph", flat=True)
    return any(node["action"] == CHAT_TRIGGER for graph in graphs for node in graph.get("nodes", ()))
