"""The search in vectors: distances, limits, ties, filters; and the cache of matrices."""

from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest

from actions.vectors.embedding import EmbedderIdentity
from actions.vectors.filters import parse_filter
from actions.vectors.store import Distance, Piece, Query
from document_collections import saving, services
from document_collections.models import Collection
from document_collections.search.matrix import ChunkRow, Matrix, build_matrix
from document_collections.search.matrix_cache import MatrixCache
from workspaces.models import Workspace

BOOK, LEAFLET = uuid4(), uuid4()
IDENTITY = EmbedderIdentity("test", "letters", 2)


def build_row(id: int, document: UUID, vector: list[float], metadata: str = "{}") -> ChunkRow:
    return ChunkRow(
        id, document, "book" if document == BOOK else "leaflet", metadata, np.array(vector, "<f4").tobytes()
    )


@pytest.fixture
def matrix() -> Matrix:
    rows = [
        build_row(1, BOOK, [2, 0], '{"year": 2020}'),
        build_row(2, BOOK, [1, 1]),
        build_row(3, LEAFLET, [0, 3]),
        build_row(4, BOOK, [0, 0]),
    ]
    return build_matrix(1, 2, rows)


def search(matrix: Matrix, **options: Any) -> list[tuple[int, float]]:
    return [(id, round(score, 3)) for id, score in matrix.search(np.array([1, 0], np.float32), Query(**options))]


DISTANCES: dict[Distance, list[tuple[int, float]]] = {
    "cosine": [(1, 1.0), (2, 0.707), (3, 0.0), (4, 0.0)],
    "inner_product": [(1, 2.0), (2, 1.0), (3, 0.0), (4, 0.0)],
    "euclidean": [(1, 1.0), (2, 1.0), (4, 1.0), (3, 3.162)],
}


@pytest.mark.parametrize("distance", DISTANCES)
def test_each_distance_orders_by_its_own_score(matrix: Matrix, distance: Distance) -> None:
    assert search(matrix, distance=distance) == DISTANCES[distance]


def test_equal_scores_keep_the_order_of_the_chunks(matrix: Matrix) -> None:
    assert [search(matrix, top=top, distance="euclidean")[-1][0] for top in (1, 2, 3)] == [1, 2, 4]


def test_top_and_skip_leave_out(matrix: Matrix) -> None:
    assert [id for id, _ in search(matrix, top=2, skip=1)] == [2, 3]
    assert search(matrix, skip=9) == []


def test_a_score_limit_is_the_least_score_and_the_greatest_distance(matrix: Matrix) -> None:
    assert [id for id, _ in search(matrix, score_limit=0.5)] == [1, 2]
    assert [id for id, _ in search(matrix, score_limit=1.5, distance="euclidean")] == [1, 2, 4]


def test_what_is_less_like_the_text_than_nothing_is_no_hit_unless_it_is_asked_for() -> None:
    rows = [build_row(1, BOOK, [-1, 0]), build_row(2, BOOK, [-1, 5]), build_row(3, BOOK, [0, 1])]
    opposite = build_matrix(1, 2, rows)
    assert [id for id, _ in search(opposite)] == [3]
    assert [id for id, _ in search(opposite, distance="inner_product")] == [3]
    assert [id for id, _ in search(opposite, score_limit=-1)] == [3, 2, 1]
    assert [id for id, _ in search(opposite, distance="euclidean")] == [3, 1, 2]


def test_a_filter_knows_metadata_and_the_document(matrix: Matrix) -> None:
    assert [id for id, _ in search(matrix, filter=parse_filter("year == 2020"))] == [1]
    assert [id for id, _ in search(matrix, filter=parse_filter('document == "leaflet"'))] == [3]


def save_texts(collection: Collection, *texts: str) -> None:
    vectors = np.array([[text.count("a"), text.count("b")] for text in texts], np.float32)
    saving.save_document(collection, "", [Piece(text) for text in texts], vectors, IDENTITY)


@pytest.mark.django_db
def test_a_matrix_is_read_once_until_something_changes(collection: Collection) -> None:
    cache = MatrixCache(1_000_000)
    save_texts(collection, "a", "b")
    first = cache.get_matrix(collection)
    assert cache.get_matrix(collection) is first
    save_texts(collection, "ab")
    assert len(cache.get_matrix(collection).ids) == 3
    services.delete_document(collection.documents.latest("created_at"))
    assert len(cache.get_matrix(collection).ids) == 2


@pytest.mark.django_db
def test_the_matrices_that_are_kept_stay_within_their_limit(workspace: Workspace) -> None:
    collections = [services.create(workspace.pk, name, "", None) for name in ("one", "two")]
    for each in collections:
        save_texts(each, "a", "b")
    size = MatrixCache(1_000_000).get_matrix(collections[0]).bytes
    cache = MatrixCache(size + 10)
    first = cache.get_matrix(collections[0])
    cache.get_matrix(collections[1])
    assert cache.get_matrix(collections[0]) is not first


@pytest.mark.django_db
def test_a_matrix_above_the_limit_is_not_kept(collection: Collection) -> None:
    save_texts(collection, "a", "b")
    cache = MatrixCache(10)
    assert cache.get_matrix(collection) is not cache.get_matrix(collection)
