"""Reads the names that properties may refer to (flows, collections), and builds the services that actions ask for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings

from actions.chat.history import ChatHistory
from actions.contract.action import Services
from actions.contract.catalogue import get_property_type
from actions.contract.property_types import COLLECTION, FLOW
from actions.contract.registry import get_actions
from actions.network.policy import NetworkPolicy
from actions.vectors.store import VectorStore
from chats.history import StoredHistory
from document_collections import services as collections
from document_collections.store import WorkspaceStore
from flows.models import Flow

Names = Mapping[str, object]
"""What a property of one type may name: the value that is saved, and what is known of it."""


@dataclass(frozen=True, slots=True)
class RunOwner:
    """On whose behalf a run goes on, for what is kept per caller."""

    workspace_id: UUID
    owner: str
    """`user:<id>` or `key:<id>`."""


def _read_flow_names(workspace_id: UUID) -> Names:
    rows = Flow.objects.filter(workspace_id=workspace_id).values_list("pk", "name")
    return {str(id): name for id, name in rows}


NAME_READERS: dict[str, Callable[[UUID], Names]] = {
    FLOW.name: _read_flow_names,
    COLLECTION.name: collections.list_facts,
}
"""What a workspace has of each type of property whose source is `workspace`. Sync, for database threads."""


def read_names(workspace_id: UUID, types: Iterable[str]) -> dict[str, Names]:
    """Return what the workspace has of each of the types."""
    return {type: NAME_READERS[type](workspace_id) for type in sorted(types)}


def find_named_types(graph: Mapping[str, Any]) -> frozenset[str]:
    """Return the types of which a graph's properties may name something that the workspace has."""
    action_types = {node["action"] for node in graph.get("nodes", ()) if node["action"] in get_actions()}
    return frozenset(type for action_type in action_types for type in _find_named_types(action_type))


@cache  # every start asks, and reading annotations is slow; the actions of a process never change
def _find_named_types(action_type: str) -> frozenset[str]:
    fields = get_actions()[action_type].Properties.model_fields.values()
    return frozenset(get_property_type(field).name for field in fields) & NAME_READERS.keys()


def build_services(owner: RunOwner) -> Services:
    """Return what a run on behalf of `owner` offers its actions. No object in it asks the database yet."""
    return Services(
        {
            NetworkPolicy: settings.MILLRACE_NETWORK,
            ChatHistory: StoredHistory(owner.workspace_id, owner.owner),
            VectorStore: WorkspaceStore(owner.workspace_id),
        }
    )
