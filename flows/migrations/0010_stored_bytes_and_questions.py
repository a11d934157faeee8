from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Left

# What is not compacted yet is counted when it is.
FILL_IN = """
UPDATE flows_run SET stored_bytes = LENGTH(CAST(input AS TEXT)) + COALESCE(
    (SELECT SUM(LENGTH(data)) FROM flows_runarchive WHERE flows_runarchive.run_id = flows_run.id), 0
)
"""

MAX_QUESTION_CHARACTERS = 120


def fill_in_questions(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give the runs from before this column the beginning of what was asked."""
    runs = apps.get_model("flows", "Run").objects.exclude(session_id="")
    runs.update(question=Coalesce(Left(KT("input__prompt"), MAX_QUESTION_CHARACTERS), models.Value("")))


class Migration(migrations.Migration):

    dependencies = [
        ('flows', '0009_sessions_of_runs'),
    ]

    operations = [
        migrations.AddField(
            model_name='run',
            name='stored_bytes',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.RunSQL(FILL_IN, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='run',
            name='question',
            field=models.CharField(blank=True, default='', max_length=120),
        ),
        migrations.RunPython(fill_in_questions, migrations.RunPython.noop),
        migrations.RemoveIndex(
            model_name='run',
            name='runs_of_session',
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(condition=models.Q(('session_id', ''), _negated=True), fields=['flow', 'owner', 'session_id', '-started_at', 'question'], name='runs_of_session'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(fields=['workspace', 'flow', 'stored_bytes'], name='stored_bytes_of_runs'),
        ),
    ]
