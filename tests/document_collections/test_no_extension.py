"""A database without pgvector: nothing is indexed, and who asks for it is told what to do."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from document_collections.vector_index.build import tend_indexes

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor == "postgresql", reason="This server may have pgvector."),
]


def test_housekeeping_has_nothing_to_do() -> None:
    assert list(tend_indexes()) == []


def test_the_command_says_what_is_missing() -> None:
    with pytest.raises(CommandError, match="CREATE EXTENSION vector"):
        call_command("index_vectors")
