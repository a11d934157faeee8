"""`manage.py index_vectors`: make now the indexes of vectors that a server would make within an hour."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from document_collections.vector_index.build import MIN_CHUNKS, list_due, tend_indexes
from document_collections.vector_index.tables import create_extension


class Command(BaseCommand):
    help = (
        "Create pgvector in the database if it lacks it, and index the vectors of large collections. Servers may run."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not create_extension():
            raise CommandError(
                "The database has no pgvector 0.7 or newer. Install it on a PostgreSQL server, and as a user who may, "
                "run there: CREATE EXTENSION vector"
            )
        due = [(row.name, row.dimension) for row in list_due()]
        for name, dimension in due:
            self.stdout.write(f"{name}: {dimension} dimensions")
        try:
            for _ in tend_indexes():
                pass
        except DatabaseError as error:
            raise CommandError(f"The indexes were not completed: {str(error).splitlines()[0]}") from None
        self.stdout.write(
            f"{len(due)} collections were indexed. Those of less than {MIN_CHUNKS:,} chunks, and those of the built-in "
            "embedder, need no index."
        )
