"""Usage tells members, visitors of chat pages and schedules apart. Days before hold no more than whether it was a key."""

from typing import Any

from django.db import migrations, models


def name_keys(apps: Any, schema_editor: Any) -> None:
    apps.get_model("flows", "UsageOfDay").objects.exclude(key_id=None).update(caller="key")


class Migration(migrations.Migration):
    dependencies = [("flows", "0021_kept_logs_of_workspaces")]

    operations = [
        migrations.AddField(
            "usageofday", "caller", models.CharField(blank=True, db_default="", default="", max_length=12)
        ),
        migrations.RunPython(name_keys, migrations.RunPython.noop),
    ]
