from django.db import migrations, models

FILL_IN = """
UPDATE vectors_document SET stored_bytes = COALESCE(
    (
        SELECT SUM(LENGTH(text) + LENGTH(CAST(metadata AS TEXT)) + LENGTH(vector)) FROM vectors_chunk
        WHERE vectors_chunk.document_id = vectors_document.id
    ), 0
)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('vectors', '0003_embed_anew'),
    ]

    operations = [
        migrations.AddField(
            model_name='document',
            name='stored_bytes',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.RunSQL(FILL_IN, migrations.RunSQL.noop),
    ]
