"""Embeds anew what the first built-in embedder has embedded: the vectors of two embedders cannot be compared."""

from typing import Any
from uuid import UUID

from django.db import migrations

from actions.vectors.built_in import BuiltInEmbedder

BEFORE, AFTER = "lexical-1", "lexical-2"
CHUNKS_PER_STEP = 200


def embed_anew(apps: Any, schema_editor: Any) -> None:
    """Give every chunk of the built-in embedder its new vector; its text is stored, so no file is needed."""
    collections = apps.get_model("vectors", "Collection").objects.filter(embedder_kind="builtin", embedder_model=BEFORE)
    for row in collections:
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
    dependencies = [("vectors", "0002_document_warnings")]

    operations = [migrations.RunPython(embed_anew, migrations.RunPython.noop)]
