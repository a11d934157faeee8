"""Prepares an empty database for the bench: `python -m bench.seed URL CHUNKS:ACTIONS…`.

Prints an API key, and for each pair the id and the address name of a flow, as ID/NAME: so many chunks, of which each
message passes so many actions.
"""

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
    workspace: Any,
    url: str,
    chunks: int = 1024,
    actions: int = 1,
    trigger: Any = None,
    *,
    name: str = "Bench",
    **settings: Any,
) -> str:
    """Return the id of a new, published flow that streams what the API at `url` answers.

    `settings` are its connection's; `trigger` holds properties of its trigger.
    """
    from connections import services as connections
    from demo.graphs import load_graph
    from flows import services
    from flows.versions.publish import publish_version
    from workspaces.audit.record import SERVER

    values = {"base_url": url, **settings}
    row = connections.create(
        workspace.pk, f"API {uuid.uuid4()}", "anthropic", values, {"api_key": "bench-needs-no-key"}
    )
    graph = add_actions(load_graph("streaming_chat", connection=str(row.pk)), actions)
    answer = next(node for node in graph["nodes"] if node["id"] == "answer")
    answer["properties"] |= {"max_completion_tokens": chunks}
    graph["nodes"][0]["properties"] |= trigger or {}
    flow = services.create_flow(workspace.pk, name, "", graph)
    publish_version(flow.versions.get(), "production", "", SERVER)
    return str(flow.pk)


def issue_key(workspace: Any, environment: str = "production") -> str:
    """Return a new key; one for development also calls flows that are not published."""
    from workspaces import keys

    policies = ["execute", "configure"]
    return keys.issue_key(workspace, None, name="bench", policies=policies, environments=[environment])[1]


if __name__ == "__main__":
    workspace = prepare_workspace()
    flows = []
    for number, pair in enumerate(sys.argv[2:]):
        chunks, actions = map(int, pair.split(":"))
        trigger = {"offer_as_tool": True}
        flow = create_flow(workspace, sys.argv[1], chunks, actions, trigger, name=f"Bench {number}")
        flows.append(f"{flow}/bench-{number}")
    sys.stdout.write(f"{' '.join([issue_key(workspace), *flows])}\n")
