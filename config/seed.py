"""The demo workspace: an admin, the simulator's connection, and a flow that runs at once."""

from typing import Any

from django.db import transaction

from connections import services as connections
from connections.models import Connection
from flows import services as flows
from workspaces.models import Membership, Role, User, Workspace

SIMULATOR = "Simulator"
FLOW = "Streaming chat"


@transaction.atomic
def seed(simulator_url: str) -> User:
    """Create what is missing and return the admin. What exists is left alone, but for the simulator's address."""
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
        flows.create_flow(workspace.pk, FLOW, "Answers a prompt, chunk by chunk", demo_graph(str(connection.pk)))
    else:
        _move_simulator(membership.workspace, simulator_url)
    return admin


def _move_simulator(workspace: Workspace, url: str) -> None:
    """The port may be another one this time; the simulator's key is no secret, so it follows."""
    row = Connection.objects.filter(workspace=workspace, name=SIMULATOR, kind="anthropic").first()
    if row and str(row.settings.get("base_url", "")).endswith("/simulator") and row.settings["base_url"] != url:
        connections.update(row, values={"base_url": url}, given={"api_key": "simulator-needs-no-key"})


def demo_graph(connection: str) -> dict[str, Any]:
    """Return the smallest flow that streams: trigger, streaming chat completion, yield."""
    return {
        "schema": 1,
        "nodes": [
            {
                "id": "trigger",
                "action": "chat.completion_trigger",
                "position": {"x": 40, "y": 80},
                "properties": {
                    "test_data": {
                        "prompt": "What does a mill race do? Answer in a few sentences.",
                        "session_id": "test-1",
                        "context": "A mill race is the channel that carries water to the wheel of a mill.",
                    }
                },
            },
            {
                "id": "answer",
                "action": "anthropic.streaming_chat_completion",
                "position": {"x": 320, "y": 80},
                "properties": {
                    "connection": connection,
                    "model_id": "claude-haiku-5-5",
                    "system_prompt": "Answer briefly, and from the context.",
                    "user_prompt": {"expression": "chatCompletionRequest.prompt"},
                    "context": {"expression": "chatCompletionRequest.context"},
                    "max_completion_tokens": 1024,
                },
            },
            {
                "id": "yield",
                "action": "control.yield_return",
                "position": {"x": 640, "y": 80},
                "properties": {"title": "Yield return message", "value": {"expression": "message"}},
            },
        ],
        "edges": [
            _edge("trigger", "continue", "answer"),
            _edge("answer", "for_each_message", "yield"),
        ],
        "notes": [],
    }


def _edge(source: str, port: str, target: str) -> dict[str, str]:
    return {
        "id": f"{source}_{port}_{target}",
        "kind": "execution",
        "source": source,
        "source_port": port,
        "target": target,
        "target_port": "in",
    }
