"""The index of vectors in PostgreSQL: it finds what the exact search finds, and it can be lost and made again."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from actions.vectors.filters import parse_filter
from actions.vectors.store import Query
from document_collections import services
from document_collections.models import Chunk, Collection
from document_collections.search.indexed_search import search_index
from document_collections.search.search import search_collection
from document_collections.vector_index import rows
from document_collections.vector_index.build import build_index, list_due, tend_indexes
from document_collections.vector_index.rows import FIND_NEAREST, USE_INDEX
from document_collections.vector_index.tables import list_indexes
from tests.document_collections.vector_index.vectors import (
    DIMENSION,
    SMALL,
    create_collection,
    make_clusters,
    measure_recall,
    save,
    search_exactly,
)
from workspaces.models import Workspace

QUESTION = make_clusters(1, seed=9)[0]


def count_rows(collection: Collection) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM vectors_index WHERE collection_id = %s", [collection.pk])
        return int(cursor.fetchone()[0])


def finish(steps: Iterator[None]) -> None:
    for _ in steps:
        pass


@pytest.fixture
def indexed(workspace: Workspace) -> Collection:
    row = create_collection(workspace, "Manuals", make_clusters(SMALL))
    finish(build_index(row))
    row.refresh_from_db()
    return row


def test_a_search_by_the_index_has_the_results_of_the_exact_one(indexed: Collection) -> None:
    assert measure_recall(indexed, make_clusters(20, seed=2), Query(top=10)) > 0.99
    query = Query(top=3, skip=2)
    assert search_index(indexed, QUESTION, query) == search_exactly(indexed, QUESTION, query)


def test_the_index_is_used_by_the_database(indexed: Collection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE vectors_index")
        cursor.execute(USE_INDEX)
        statement = "EXPLAIN " + FIND_NEAREST.format(dimension=DIMENSION)
        cursor.execute(statement, [indexed.pk, str(QUESTION.tolist()), 200])
        texts = [line for (line,) in cursor.fetchall()]
    assert any("Index Scan" in line and list_indexes()[0] in line for line in texts), texts


@pytest.mark.parametrize("filter", ["number < 200", "number == 7", 'document == "another"', "number < 0"])
def test_filters_have_the_same_results(indexed: Collection, filter: str) -> None:
    query = Query(top=5, filter=parse_filter(filter))
    hits = search_collection(indexed, QUESTION, query)
    assert [hit.score for hit in hits] == [score for _, score in search_exactly(indexed, QUESTION, query)]


@pytest.mark.parametrize("options", [{"score_limit": 0.9}, {"distance": "euclidean"}, {"distance": "inner_product"}])
def test_limits_and_other_distances_have_the_same_results(indexed: Collection, options: dict[str, Any]) -> None:
    query = Query(top=20, **options)
    hits = search_collection(indexed, QUESTION, query)
    assert [hit.score for hit in hits] == [score for _, score in search_exactly(indexed, QUESTION, query)]


def test_what_is_saved_is_found_at_once_and_what_is_deleted_no_more(indexed: Collection) -> None:
    save(indexed, QUESTION[None, :], context="note", kind="new")
    assert count_rows(indexed) == SMALL + 1
    assert search_collection(indexed, QUESTION, Query(top=1))[0].metadata["kind"] == "new"
    services.delete_document(indexed.documents.get(context="note"))
    assert count_rows(indexed) == SMALL
    assert search_collection(indexed, QUESTION, Query(top=1))[0].score < 1


def test_a_document_that_is_saved_again_is_found_as_it_is_now(indexed: Collection) -> None:
    save(indexed, QUESTION[None, :], context="note", kind="before")
    save(indexed, -QUESTION[None, :], context="note", kind="after")
    found = search_collection(indexed, -QUESTION, Query(top=1))[0]
    assert (found.metadata["kind"], count_rows(indexed)) == ("after", SMALL + 1)
    assert "kind" not in search_collection(indexed, QUESTION, Query(top=1))[0].metadata


def test_another_workspace_finds_nothing_of_it(indexed: Collection, other_workspace: Workspace) -> None:
    other = create_collection(other_workspace, "Manuals", make_clusters(SMALL, seed=4))
    finish(build_index(other))
    other.refresh_from_db()
    own = set(Chunk.objects.filter(document__collection=other).values_list("pk", flat=True))
    found = search_index(other, QUESTION, Query(top=100))
    assert found and {id for id, _ in found} <= own


def test_an_emptied_collection_takes_vectors_of_another_dimension(indexed: Collection) -> None:
    for document in indexed.documents.all():
        services.delete_document(document)
    Collection.objects.filter(pk=indexed.pk).update(dimension=None)
    save(indexed, make_clusters(SMALL, dimension=48))
    indexed.refresh_from_db()
    assert indexed.has_vector_index and count_rows(indexed) == SMALL
    question = make_clusters(1, dimension=48, seed=9)[0]
    assert search_index(indexed, question, Query()) == search_exactly(indexed, question, Query())
    Collection.objects.filter(pk=indexed.pk).update(has_vector_index=False)
    finish(build_index(indexed))
    assert list_indexes() == [f"vectors_index_{indexed.pk.hex}_48"]


def test_vectors_that_point_nowhere_keep_nobody_from_saving(indexed: Collection) -> None:
    odd = np.array([[0] * DIMENSION, [np.nan] * DIMENSION, [np.inf] + [0] * (DIMENSION - 1)], np.float32)
    save(indexed, odd)
    assert (count_rows(indexed), indexed.documents.count()) == (SMALL, 2)
    with np.errstate(invalid="ignore"):
        assert search_collection(indexed, np.zeros(DIMENSION, np.float32), Query(top=1))[0].score == 0


def test_an_index_is_due_for_a_large_collection_of_a_model(workspace: Workspace) -> None:
    large = create_collection(workspace, "Large", make_clusters(SMALL))
    create_collection(workspace, "Small", make_clusters(SMALL - 1))
    create_collection(workspace, "Long", make_clusters(SMALL, dimension=4_001))
    words = create_collection(workspace, "Words", make_clusters(SMALL))
    Collection.objects.filter(pk=words.pk).update(embedder_kind="builtin")
    assert list(list_due()) == [large]


def test_a_stopped_build_is_not_used_and_goes_on(workspace: Workspace) -> None:
    row = create_collection(workspace, "Manuals", make_clusters(SMALL))
    steps = tend_indexes()
    for _ in range(3):
        next(steps)
    del steps
    row.refresh_from_db()
    assert not row.has_vector_index and 0 < count_rows(row) < SMALL
    assert search_index(row, QUESTION, Query()) is None
    save(row, make_clusters(5, seed=5))  # stored while there is no complete index
    finish(tend_indexes())
    row.refresh_from_db()
    assert row.has_vector_index and count_rows(row) == SMALL + 5


def test_without_the_extension_everything_goes_on_and_it_can_come_back(indexed: Collection) -> None:
    exact = [score for _, score in search_exactly(indexed, QUESTION, Query())]
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION vector CASCADE")
    assert [hit.score for hit in search_collection(indexed, QUESTION, Query())] == exact
    Collection.objects.filter(pk=indexed.pk).update(has_vector_index=True)  # another process has not searched yet
    save(indexed, QUESTION[None, :])
    indexed.refresh_from_db()
    assert not indexed.has_vector_index
    assert search_collection(indexed, QUESTION, Query(top=1))[0].score == 1
    call_command("index_vectors")
    indexed.refresh_from_db()
    assert indexed.has_vector_index and count_rows(indexed) == SMALL + 1
    assert search_index(indexed, QUESTION, Query()) == search_exactly(indexed, QUESTION, Query())


def raise_in_database(state: str) -> str:
    return f"DO $$ BEGIN RAISE EXCEPTION 'no access' USING ERRCODE = '{state}'; END $$"


def test_without_the_file_of_the_extension_a_search_goes_on(
    indexed: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "USE_INDEX", raise_in_database("58P01"))
    exact = [score for _, score in search_exactly(indexed, QUESTION, Query())]
    assert [hit.score for hit in search_collection(indexed, QUESTION, Query())] == exact
    indexed.refresh_from_db()
    assert not indexed.has_vector_index


def test_a_database_that_is_away_loses_no_index(indexed: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "USE_INDEX", raise_in_database("57P03"))
    with pytest.raises(OperationalError):
        search_collection(indexed, QUESTION, Query())
    indexed.refresh_from_db()
    assert indexed.has_vector_index


def test_a_table_that_is_made_again_makes_no_old_index_complete(indexed: Collection, workspace: Workspace) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION vector CASCADE")
        cursor.execute("CREATE EXTENSION vector")
    finish(build_index(create_collection(workspace, "Others", make_clusters(SMALL))))
    indexed.refresh_from_db()
    assert not indexed.has_vector_index


def test_a_deleted_collection_leaves_no_index(indexed: Collection) -> None:
    services.delete(indexed)
    finish(tend_indexes())
    assert list_indexes() == []


def test_the_index_of_a_collection_that_went_with_its_workspace_is_dropped_later(indexed: Collection) -> None:
    indexed.workspace.delete()
    finish(tend_indexes())
    assert (list_indexes(), count_rows(indexed)) == ([], 0)
