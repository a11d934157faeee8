"""Collections of an embedder whose vectors the tests make themselves, on a PostgreSQL with pgvector."""

import pytest
from django.db import connection

from document_collections.vector_index import build
from document_collections.vector_index.tables import create_extension
from tests.document_collections.vector_index.vectors import SMALL
from web.database import is_postgres

AVAILABLE = "SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'"


@pytest.fixture(autouse=True)
def pgvector(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extension, and collections that are large enough for an index with few chunks."""
    if not is_postgres():
        pytest.skip("It needs a PostgreSQL with pgvector; python -m tests.pglite.run has one.")
    with connection.cursor() as cursor:
        cursor.execute(AVAILABLE)
        if not cursor.fetchone()[0]:
            pytest.skip("This PostgreSQL has no pgvector.")
    assert create_extension()
    monkeypatch.setattr(build, "MIN_CHUNKS", SMALL)
