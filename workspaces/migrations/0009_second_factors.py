from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workspaces', '0008_secret_of_tickets'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='has_second_factor',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name='workspace',
            name='requires_second_factor',
            field=models.BooleanField(db_default=False, default=False, help_text='Members who signed in without a second factor see nothing of the workspace until they set one up.'),
        ),
    ]
