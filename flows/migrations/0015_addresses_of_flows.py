import re

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils.text import slugify


def give_addresses(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give each flow an address that is like its name, the oldest flow first."""
    Flow, FlowAddress = apps.get_model("flows", "Flow"), apps.get_model("flows", "FlowAddress")
    taken: set[tuple[object, str]] = set()
    for pk, workspace_id, name in Flow.objects.order_by("created_at", "pk").values_list("pk", "workspace_id", "name"):
        wanted = re.sub(r"-{2,}", "-", slugify(name).replace("_", "-")[:55]).strip("-") or "flow"
        number, address = 1, wanted
        while address == "import" or (workspace_id, address) in taken:
            number += 1
            address = f"{wanted}-{number}"
        taken.add((workspace_id, address))
        FlowAddress.objects.create(flow_id=pk, workspace_id=workspace_id, name=address)


class Migration(migrations.Migration):
    dependencies = [
        ("workspaces", "0003_throttle_windows"),
        ("flows", "0014_versions_and_environments"),
    ]

    operations = [
        migrations.CreateModel(
            name="FlowAddress",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=63)),
                ("is_current", models.BooleanField(default=True, null=True)),
                (
                    "flow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="addresses", to="flows.flow"
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="workspaces.workspace",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "name"), name="one_flow_per_address"),
                    models.UniqueConstraint(fields=("flow", "is_current"), name="one_current_address"),
                ],
            },
        ),
        migrations.RunPython(give_addresses, migrations.RunPython.noop),
    ]
