from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workspaces', '0007_secrets_and_limits_of_keys'),
    ]

    operations = [
        migrations.AddField(
            model_name='streamticket',
            name='key_digest',
            field=models.CharField(db_default='', editable=False, max_length=64),
        ),
    ]
