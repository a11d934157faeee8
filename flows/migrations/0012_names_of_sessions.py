import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("flows", "0011_collections_by_id"),
    ]

    operations = [
        migrations.CreateModel(
            name="SessionName",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("owner", models.CharField(max_length=64)),
                ("session_id", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=120)),
                (
                    "flow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="session_names", to="flows.flow"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("flow", "owner", "session_id"), name="one_name_per_session")
                ],
            },
        ),
    ]
