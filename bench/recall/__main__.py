"""Measures the search by pgvector's index beside the exact one, among 10,000 random and 10,000 clustered vectors.

`MILLRACE_DATABASE_URL=… python -m bench.recall` with an empty PostgreSQL database that has pgvector. Without one:
`python -m tests.pglite.run -m bench.recall`, whose recall is the same and whose times are not those of a server.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

COUNT, QUESTIONS, TOP = 10_000, 100, 10
DIMENSIONS = (256, 1_024)
CENTRES, SPREAD = 100, 0.5


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="millrace-bench-") as folder:
        os.environ |= {"MILLRACE_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        import django

        django.setup()
        from django.core.management import call_command

        from document_collections.vector_index.tables import create_extension

        call_command("migrate", verbosity=0)
        if not create_extension():
            sys.exit("MILLRACE_DATABASE_URL names no PostgreSQL database with pgvector.")
        for dimension in DIMENSIONS:
            for name, make in (("random", make_random), ("clustered", make_clustered)):
                measure(f"{name}, {dimension} dimensions", make, dimension)


def make_random(random: Any, count: int, dimension: int) -> Any:
    return random.normal(size=(count, dimension))


def make_clustered(random: Any, count: int, dimension: int) -> Any:
    """Return vectors around centres, as those of texts lie that are about some subjects."""
    import numpy as np

    centres = np.random.default_rng(0).normal(size=(CENTRES, dimension))
    return centres[random.integers(0, CENTRES, count)] + SPREAD * random.normal(size=(count, dimension))


def measure(name: str, make: Callable[[Any, int, int], Any], dimension: int) -> None:
    """Fill a collection, build its index, and print its recall and both searches' times."""
    import numpy as np

    from actions.vectors.store import Query
    from document_collections.search.indexed_search import search_index
    from document_collections.search.matrix_cache import read_matrix
    from document_collections.vector_index.build import build_index

    random, query = np.random.default_rng(1), Query(top=TOP)
    row = fill(name, make(random, COUNT, dimension).astype(np.float32))
    began = time.perf_counter()
    for _ in build_index(row):
        pass
    built_s = time.perf_counter() - began
    row.refresh_from_db()
    began = time.perf_counter()
    matrix = read_matrix(row)
    read_s, times, shares = time.perf_counter() - began, [], []
    for question in make(random, QUESTIONS, dimension).astype(np.float32):
        began = time.perf_counter()
        found = search_index(row, question, query)
        times.append(time.perf_counter() - began)
        exact = {id for id, _ in matrix.search(question, query)}
        shares.append(len(exact & {id for id, _ in found or ()}) / len(exact))
    sys.stdout.write(
        f"{name}: recall {statistics.mean(shares):.3f}, the worst search {min(shares):.1f}; built in {built_s:.0f} s; "
        f"a search {statistics.median(times) * 1000:.1f} ms, reading all vectors {read_s * 1000:.0f} ms\n"
    )


def fill(name: str, vectors: Any) -> Any:
    """Return a new collection with one document of these vectors."""
    from actions.vectors.embedding import EmbedderIdentity
    from actions.vectors.store import Piece
    from document_collections import saving
    from document_collections.models import Collection
    from workspaces.models import Workspace

    workspace = Workspace.objects.create(name=name)
    row = Collection.objects.create(workspace=workspace, name=name, embedder_kind="bench", embedder_model="numbers")
    pieces = [Piece(str(number)) for number in range(len(vectors))]
    saving.save_document(row, "", pieces, vectors, EmbedderIdentity("bench", "numbers", vectors.shape[1]))
    row.refresh_from_db()
    return row


if __name__ == "__main__":
    main()
