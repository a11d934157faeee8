"""Prepares an empty database for the bench: prints the flow's id and an API key."""

import sys
from typing import Any

import django
from django.core.management import call_command


def with_more_actions(graph: dict[str, Any], actions: int) -> dict[str, Any]:
    """Put actions between the model and the yield, until each message passes this many."""
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


if __name__ == "__main__":
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()

    from config.demo_flows import demo_graph
    from connections import services as connections
    from flows import services
    from workspaces import keys
    from workspaces.models import Workspace

    url, chunks, actions = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    call_command("migrate", verbosity=0)
    workspace = Workspace.objects.create(name="Bench")
    row = connections.create(
        workspace.pk, "Upstream", "anthropic", {"base_url": url}, {"api_key": "bench-needs-no-key"}
    )
    graph = with_more_actions(demo_graph(str(row.pk)), actions)
    answer = next(node for node in graph["nodes"] if node["id"] == "answer")
    answer["properties"] |= {"max_completion_tokens": chunks}
    flow = services.create_flow(workspace.pk, "Bench", "", graph)
    _, key = keys.issue(workspace, None, name="bench", policies=["execute", "configure"])
    sys.stdout.write(f"{flow.pk} {key}\n")
