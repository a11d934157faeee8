"""Collections with vectors, the exact search in them beside that by the index, and how much the two have in common."""

import numpy as np

from actions.vectors.embedding import EmbedderIdentity, Vectors
from actions.vectors.store import Piece, Query
from document_collections import saving
from document_collections.models import Collection
from document_collections.search.indexed_search import search_index
from document_collections.search.matrix_cache import read_matrix
from workspaces.models import Workspace

SMALL = 300
"""How many chunks make a collection large enough, in these tests."""
DIMENSION = 32


def build_identity(dimension: int = DIMENSION) -> EmbedderIdentity:
    return EmbedderIdentity("test", "numbers", dimension)


def make_clusters(count: int, dimension: int = DIMENSION, seed: int = 1) -> Vectors:
    """Return vectors around 50 centres: texts of the same subjects have such."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(50, dimension))
    near = centres[random.integers(0, 50, count)] + 0.4 * random.normal(size=(count, dimension))
    return near.astype(np.float32)


def save(collection: Collection, vectors: Vectors, context: str = "", **metadata: object) -> None:
    pieces = [Piece(f"text {number}", {"number": number, **metadata}) for number in range(len(vectors))]
    saving.save_document(collection, context, pieces, vectors, build_identity(vectors.shape[1]))


def create_collection(workspace: Workspace, name: str, vectors: "Vectors | None" = None) -> Collection:
    """Return a collection of the tests' embedder, with one document of these vectors."""
    row = Collection.objects.create(workspace=workspace, name=name, embedder_kind="test", embedder_model="numbers")
    if vectors is not None:
        save(row, vectors)
        row.refresh_from_db()
    return row


def search_exactly(collection: Collection, vector: Vectors, query: Query) -> list[tuple[int, float]]:
    return read_matrix(collection).search(vector, query)


def measure_recall(collection: Collection, questions: Vectors, query: Query) -> float:
    """Return which share of what the exact search finds the search by the index finds."""
    found = wanted = 0
    for question in questions:
        exact = {id for id, _ in search_exactly(collection, question, query)}
        by_index = search_index(collection, question, query)
        assert by_index is not None
        found, wanted = found + len(exact & {id for id, _ in by_index}), wanted + len(exact)
    return found / wanted
