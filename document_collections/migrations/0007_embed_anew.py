"""Embeds anew what an earlier built-in embedder has embedded: the vectors of two embedders cannot be compared."""

from typing import Any
from uuid import UUID

from django.db import migrations, models

from actions.vectors.built_in import BuiltInEmbedder

AFTER = "lexical-3"
CHUNKS_PER_STEP = 200


def embed_anew(apps: Any, schema_editor: Any) -> None:
    """Give every chunk of the built-in embedder its new vector; its text is stored, so no file is needed."""
    built_in = apps.get_model("vectors", "Collection").objects.filter(embedder_kind="builtin")
    for row in built_in.exclude(embedder_model=AFTER):
        if row.dimension is not None:
            _embed_collection(apps.get_model("vectors", "Chunk"), row.pk, row.dimension)
        row.embedder_model = AFTER
        row.revision += 1
        row.save(update_fields=["embedder_model", "revision"])


def _embed_collection(chunks: Any, collection_id: UUID, dimension: int) -> None:
    embedder = BuiltInEmbedder(dimension)
    last = 0
    while True:
        rows = chunks.objects.filter(document__collection_id=collection_id, pk__gt=last).order_by("pk")
        step = list(rows.only("pk", "text")[:CHUNKS_PER_STEP])
        if not step:
            return
        for row, vector in zip(step, embedder.embed_rows([row.text for row in step]), strict=True):
            row.vector = vector.astype("<f4").tobytes()
        chunks.objects.bulk_update(step, ["vector"])
        last = step[-1].pk


class Migration(migrations.Migration):
    dependencies = [("vectors", "0006_vector_index")]

    operations = [
        migrations.AlterField(
            model_name="collection",
            name="embedder_model",
            field=models.CharField(default="lexical-3", max_length=200),
        ),
        migrations.RunPython(embed_anew, migrations.RunPython.noop),
    ]
