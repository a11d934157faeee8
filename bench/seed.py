"""Prepares an empty database for the bench: prints the flow's id and an API key."""

import os
import sys
import uuid
from typing import Any

import django
from django.core.management import call_command


def add_actions(graph: dict[str, Any], actions: int) -> dict[str, Any]:
    """Insert actions between the model and the yield, so that each message passes `actions` of them."""
    names = [f"more_{number}" for number in range(1, actions)]
    for name in names:
        value = {"expression": "message"}
        properties = {"name": name, "value": value}
        graph["nodes"].append(
            {"id": name, "action": "data.set_variable", "position": {"x": 0, "y": 0}, "properties": properties}
        )
    last = next(edge for edge in graph["edges"] if edge["target"] == "yield")
    for name in names:
        edge = {**last, "id": f"to_{name}", "target": name}
        graph["edges"].append(edge)
        last |= {"source": name, "source_port": "continue"}
    return graph


def prepare_workspace() -> Any:
    """Migrate an empty database and return a workspace in it. Call it before any import of Django."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    from workspaces.models import Workspace

    return Workspace.objects.create(name="Bench")


def create_flow(
    workspace: Any, url: str, chunks: int = 1024, actions: int = 1, trigger: Any = None, **settings: Any
) -> str:
    """Return the id of a new flow that streams what the API at `url` answers.

    `settings` are its connection's; `trigger` holds properties of its trigger.
    """
    from connections import services as connections
    from demo.graphs import load_graph
    from flows import services

    values = {"base_url": url, **settings}
    row = connections.create(
        workspace.pk, f"API {uuid.uuid4()}", "anthropic", values, {"api_key": "bench-needs-no-key"}
    )
    graph = add_actions(load_graph("streaming_chat", connection=str(row.pk)), actions)
    answer = next(node for node in graph["nodes"] if node["id"] == "answer")
    answer["properties"] |= {"max_completion_tokens": chunks}
    graph["nodes"][0]["properties"] |= trigger or {}
    return str(services.create_flow(workspace.pk, "Bench", "", graph).pk)


def issue_key(workspace: Any) -> str:
    from workspaces import keys

    return keys.issue_key(workspace, None, name="bench", policies=["execute", "configure"])[1]


if __name__ == "__main__":
    workspace = prepare_workspace()
    flow = create_flow(workspace, sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.write(f"{flow} {issue_key(workspace)}\n")
