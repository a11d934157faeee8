"""What an earlier built-in embedder has embedded is embedded anew, so that the collections stay searchable."""

from importlib import import_module

import numpy as np
import pytest
from django.apps import apps

from actions.vectors.built_in import BuiltInEmbedder
from actions.vectors.embedding import LEXICAL
from document_collections.models import Chunk, Collection, Document

pytestmark = pytest.mark.django_db
TEXTS = ["水车靠水流转动", "The wheel turns."]


@pytest.mark.parametrize("model", ["lexical-1", "lexical-2"])
def test_stored_vectors_are_made_anew_from_their_texts(collection: Collection, model: str) -> None:
    Collection.objects.filter(pk=collection.pk).update(embedder_model=model, dimension=64)
    document = Document.objects.create(collection=collection, name="a.txt", status="ready", done=2)
    for position, text in enumerate(TEXTS):
        Chunk.objects.create(document=document, position=position, text=text, vector=np.zeros(64, "<f4").tobytes())
    import_module("document_collections.migrations.0007_embed_anew").embed_anew(apps, None)
    before = collection.revision
    collection.refresh_from_db()
    assert (collection.embedder_model, collection.revision) == (LEXICAL, before + 1)
    stored = [bytes(vector) for vector in Chunk.objects.order_by("position").values_list("vector", flat=True)]
    assert stored == [row.astype("<f4").tobytes() for row in BuiltInEmbedder(64).embed_rows(TEXTS)]


def test_another_embedder_is_left_alone(collection: Collection) -> None:
    Collection.objects.filter(pk=collection.pk).update(embedder_kind="voyage", embedder_model="voyage-4", dimension=64)
    import_module("document_collections.migrations.0007_embed_anew").embed_anew(apps, None)
    collection.refresh_from_db()
    assert (collection.embedder_kind, collection.embedder_model) == ("voyage", "voyage-4")
