"""The demo workspace: an admin, the simulator's connection, and a flow that runs at once."""

from pathlib import Path
from typing import Any

from django.db import transaction

from actions.vectors.built_in import BuiltInEmbedder
from actions.vectors.splitting import TextSplitter
from connections import services as connections
from connections.models import Connection
from demo.graphs import load_graph
from document_collections import services as collections
from document_collections.saving import save_document
from flows import services as flows
from flows.versions.publish import publish_version
from workspaces.audit.record import SERVER
from workspaces.models import Membership, Role, User, Workspace

SIMULATOR = "Simulator"
FLOW = "Streaming chat"
DOCUMENTS_FLOW = "Chat with your documents"
COLLECTION = "Mill handbook"
DOCUMENTS = Path(__file__).parent / "documents"


@transaction.atomic
def seed(simulator_url: str) -> User:
    """Create what is missing and return the admin. Of what exists, only the simulator's address is changed."""
    admin, created = User.objects.get_or_create(
        username="admin",
        defaults={"first_name": "Demo", "last_name": "Admin", "is_staff": True, "is_superuser": True},
    )
    if created:
        admin.set_unusable_password()
        admin.save()
    membership = Membership.objects.filter(user=admin).select_related("workspace").first()
    if membership is None:
        workspace = Workspace.objects.create(name="Demo")
        Membership.objects.create(workspace=workspace, user=admin, role=Role.ADMIN)
        connection = connections.create(
            workspace.pk,
            SIMULATOR,
            "anthropic",
            {"base_url": simulator_url},
            {"api_key": "simulator-needs-no-key"},
        )
        _seed_documents(workspace)
        graph = load_graph("chat_with_your_documents", connection=str(connection.pk), collection=COLLECTION)
        _create_flow(workspace, DOCUMENTS_FLOW, "Answers from your documents, and remembers", graph)
        graph = load_graph("streaming_chat", connection=str(connection.pk))
        _create_flow(workspace, FLOW, "Answers a prompt, chunk by chunk", graph)
    else:
        _move_simulator(membership.workspace, simulator_url)
    return admin


def _create_flow(workspace: Workspace, name: str, description: str, graph: dict[str, Any]) -> None:
    """Create a flow and publish it, so that a program can call it at once."""
    flow = flows.create_flow(workspace.pk, name, description, graph)
    publish_version(flow.versions.get(), "production", "As the demo begins", SERVER)


def _seed_documents(workspace: Workspace) -> None:
    """Create a collection with the demo's documents, embedded by the built-in embedder."""
    collection = collections.create(workspace.pk, COLLECTION, "How to run the mill of the demo", None)
    embedder, splitter = BuiltInEmbedder(), TextSplitter(by="markdown")
    for file in sorted(DOCUMENTS.glob("*.md")):
        pieces = splitter.split(file.read_text(encoding="utf-8"))
        rows = embedder.embed_rows([piece.text for piece in pieces])
        save_document(collection, file.name, pieces, rows, embedder.identity)


def _move_simulator(workspace: Workspace, url: str) -> None:
    """Store the simulator's address, whose port may have changed. Its key is no secret, so it may go there."""
    row = Connection.objects.filter(workspace=workspace, name=SIMULATOR, kind="anthropic").first()
    if row and str(row.settings.get("base_url", "")).endswith("/simulator") and row.settings["base_url"] != url:
        connections.update(row, values={"base_url": url}, new_secrets={"api_key": "simulator-needs-no-key"})
