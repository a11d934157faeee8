"""A collection, an embedder of two dimensions that tests can predict, and the indexer of the test's own."""

from collections.abc import Iterator

import numpy as np
import pytest

from actions.vectors.embedding import EmbedderIdentity, Purpose, TextEmbedder, Vectors
from document_collections import services
from document_collections.indexing import indexer
from document_collections.models import Collection
from document_collections.search import matrix_cache
from web.database import close_pool_connections
from workspaces.models import Workspace


class Letters(TextEmbedder):
    """Counts the letters a and b."""

    def __init__(self, model: str = "letters") -> None:
        self.identity = EmbedderIdentity("test", model, 2)

    async def embed(self, texts: list[str], purpose: Purpose = "document") -> Vectors:
        return np.array([[text.count("a"), text.count("b")] for text in texts], np.float32)


@pytest.fixture
def collection(workspace: Workspace) -> Collection:
    return services.create(workspace.pk, "Manuals", "", None)


@pytest.fixture(autouse=True)
def fresh_matrices() -> Iterator[None]:
    matrix_cache.forget()
    yield
    matrix_cache.forget()


@pytest.fixture
def indexed() -> Iterator[None]:
    """For tests that index: the worker and the database threads end before the database goes."""
    yield
    indexer.stop()
    close_pool_connections()
