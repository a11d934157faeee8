"""Notes of each document which fields its chunks have, so that a filter can be offered those and no others."""

import json
from typing import Any

from django.db import migrations, models

from document_collections.filter_fields import add_fields

MAX_CHUNKS = 2_000
"""How many chunks of a document are read. Most documents have the same fields in all."""


def note_fields(apps: Any, schema_editor: Any) -> None:
    documents, chunks = apps.get_model("vectors", "Document"), apps.get_model("vectors", "Chunk")
    for pk in documents.objects.values_list("pk", flat=True).iterator():
        rows = chunks.objects.filter(document_id=pk).order_by("pk").values_list("metadata", flat=True)[:MAX_CHUNKS]
        different = {json.dumps(metadata): metadata for metadata in rows}
        documents.objects.filter(pk=pk).update(fields=add_fields({}, different.values()))


class Migration(migrations.Migration):
    dependencies = [("vectors", "0004_stored_bytes")]

    operations = [
        migrations.AddField("document", "fields", models.JSONField(blank=True, default=dict)),
        migrations.RunPython(note_fields, migrations.RunPython.noop),
    ]
