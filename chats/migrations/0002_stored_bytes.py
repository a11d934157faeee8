from django.db import migrations, models

FILL_IN = """
UPDATE chats_chatsession SET stored_bytes = COALESCE(
    (
        SELECT SUM(LENGTH(CAST(content AS TEXT))) FROM chats_chatmessage
        WHERE chats_chatmessage.session_id = chats_chatsession.id
    ), 0
)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('chats', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='chatsession',
            name='stored_bytes',
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
        migrations.RunSQL(FILL_IN, migrations.RunSQL.noop),
    ]
