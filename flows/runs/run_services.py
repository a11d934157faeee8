"""What a workspace offers its flows by name, and a run its actions by protocol. Where other parts meet the engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.conf import settings

from actions.chat.history import ChatHistory
from actions.contract.action import Services
from actions.contract.catalogue import get_property_type
from actions.contract.registry import get_actions
from actions.network.policy import NetworkPolicy
from actions.vectors.store import VectorStore
from chats.history import StoredHistory
from document_collections import services as collections
from document_collections.store import WorkspaceStore
from flows.models import Flow

Names = Mapping[str, str]
"""What a property of one type may name: the value that is saved, and its title."""


@dataclass(frozen=True, slots=True)
class Client:
    """On whose behalf a run goes on: `owner` is `user:<id>` or `key:<id>`, for what is kept per caller."""

    workspace_id: UUID
    owner: str


def _flows(workspace_id: UUID) -> Names:
    rows = Flow.objects.filter(workspace_id=workspace_id).values_list("pk", "name")
    return {str(id): name for id, name in rows}


NAMED: dict[str, Callable[[UUID], Names]] = {"flow": _flows, "collection": collections.names}
"""By type of property: what a workspace has of it. Sync, for database threads."""


def names_for(flow: Flow) -> dict[str, Names]:
    """Return what the workspace has of each type that the flow's properties name; asks the database for no other."""
    known = {node["action"] for node in flow.graph.get("nodes", ()) if node["action"] in get_actions()}
    used = {kind for action_type in known for kind in _kinds(action_type)}
    return {kind: NAMED[kind](flow.workspace_id) for kind in sorted(used)}


@cache  # every run asks, and reading annotations is slow
def _kinds(action_type: str) -> frozenset[str]:
    fields = get_actions()[action_type].Properties.model_fields.values()
    return frozenset(get_property_type(field) for field in fields) & NAMED.keys()


def services_for(client: Client) -> Services:
    """Return what a run on behalf of `client` offers its actions. No object in it asks the database yet."""
    return Services(
        {
            NetworkPolicy: settings.MILLRACE_NETWORK,
            ChatHistory: StoredHistory(client.workspace_id, client.owner),
            VectorStore: WorkspaceStore(client.workspace_id),
        }
    )
