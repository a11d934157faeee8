"""Prepares an empty database for the bench: prints the flow's id and an API key."""

import sys

import django
from django.core.management import call_command

if __name__ == "__main__":
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()

    from config.demo_flows import demo_graph
    from connections import services as connections
    from flows import services
    from workspaces import keys
    from workspaces.models import Workspace

    url, chunks = sys.argv[1], int(sys.argv[2])
    call_command("migrate", verbosity=0)
    workspace = Workspace.objects.create(name="Bench")
    row = connections.create(
        workspace.pk, "Upstream", "anthropic", {"base_url": url}, {"api_key": "bench-needs-no-key"}
    )
    graph = demo_graph(str(row.pk))
    answer = next(node for node in graph["nodes"] if node["id"] == "answer")
    answer["properties"] |= {"max_completion_tokens": chunks}
    flow = services.create_flow(workspace.pk, "Bench", "", graph)
    _, key = keys.issue(workspace, None, name="bench", policies=["execute", "configure"])
    sys.stdout.write(f"{flow.pk} {key}\n")
