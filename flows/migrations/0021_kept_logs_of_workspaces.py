
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('flows', '0020_schedules'),
        ('workspaces', '0010_kept_logs'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='run',
            index=models.Index(condition=models.Q(('finished_at__isnull', False), ('log_expired_at', None)), fields=['workspace', 'finished_at'], name='kept_logs_of_workspace'),
        ),
    ]
