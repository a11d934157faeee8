from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.fields.json import KT
from django.db.models.functions import Length

MAX_SESSION_ID_CHARACTERS = 200


def fill_in(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give the runs from before this column the session that their input names."""
    runs = apps.get_model("flows", "Run").objects.annotate(named=KT("input__session_id"))
    named = runs.annotate(size=Length("named")).filter(size__gt=0, size__lte=MAX_SESSION_ID_CHARACTERS)
    named.update(session_id=models.F("named"))


class Migration(migrations.Migration):

    dependencies = [
        ('flows', '0008_turns_of_sessions'),
    ]

    operations = [
        migrations.AddField(
            model_name='run',
            name='session_id',
            field=models.CharField(blank=True, default='', max_length=200),
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(condition=models.Q(('session_id', ''), _negated=True), fields=['flow', 'owner', 'session_id', '-started_at'], name='runs_of_session'),
        ),
    ]
