"""Notes which collections have an index of their vectors in PostgreSQL. None has: the index is made where it can be."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vectors", "0005_document_fields")]

    operations = [
        migrations.AddField(
            "collection", "has_vector_index", models.BooleanField(default=False, db_default=False, editable=False)
        )
    ]
