from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("flows", "0018_first_chunks_as_bytes")]

    operations = [
        migrations.AddField(
            model_name="worker",
            name="executes_runs",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="run",
            name="disconnect_grace_ms",
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="run",
            name="worker",
            field=models.UUIDField(null=True),
        ),
    ]
