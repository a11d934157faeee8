from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ACTIONS = ("vectors.search_vectors", "vectors.save_vectors")


def name_by_id(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let flows name their collections by id, so that a collection can be renamed.

    What earlier runs executed stays as it is: a name that nobody has changed finds the collection too.
    """
    ids = {
        (workspace, name): str(pk)
        for workspace, name, pk in apps.get_model("vectors", "Collection")
        .objects.values_list("workspace_id", "name", "pk")
    }
    for flow in apps.get_model("flows", "Flow").objects.iterator():
        if any([_name_by_id(node, flow.workspace_id, ids) for node in flow.graph.get("nodes", ())]):
            # Not `save`, which would say that somebody has changed the flow now.
            type(flow).objects.filter(pk=flow.pk).update(graph=flow.graph)


def _name_by_id(node: dict[str, Any], workspace: Any, ids: dict[tuple[Any, str], str]) -> bool:
    """Change the collection of the node in its place; return whether it was named by its name."""
    name = node["properties"].get("collection") if node["action"] in ACTIONS else None
    id = ids.get((workspace, name)) if isinstance(name, str) else None
    if id is not None:
        node["properties"]["collection"] = id
    return id is not None


class Migration(migrations.Migration):
    dependencies = [
        ("flows", "0010_stored_bytes_and_questions"),
        ("vectors", "0003_embed_anew"),
    ]

    operations = [
        migrations.RunPython(name_by_id, migrations.RunPython.noop),
    ]
