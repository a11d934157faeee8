"""Offers the collections of a workspace to the actions of a run: by id or name, async, with errors as ActionErrors."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from actions.contract.errors import ActionError, DomainError
from actions.vectors.embedding import EmbedderIdentity, TextEmbedder, Vectors
from actions.vectors.store import Hit, Piece, Query
from document_collections import saving
from document_collections.embedders import get_embedder, get_facts
from document_collections.models import Collection
from document_collections.search.search import search_collection
from document_collections.services import find_collection
from web.database import in_database


@dataclass(frozen=True, slots=True)
class WorkspaceStore:
    """Implements `actions.vectors.store.VectorStore`, which states what each method does."""

    workspace_id: UUID

    async def get_embedder(self, collection: str) -> TextEmbedder:
        return await in_database(self._get_embedder, collection)

    async def check(self, collection: str, identity: EmbedderIdentity) -> None:
        await in_database(self._get_checked_row, collection, identity)

    async def search(self, collection: str, vector: Vectors, identity: EmbedderIdentity, query: Query) -> list[Hit]:
        return await in_database(self._search, collection, vector, identity, query)

    async def save(
        self, collection: str, context: str, pieces: Sequence[Piece], vectors: Vectors, identity: EmbedderIdentity
    ) -> str:
        return await in_database(self._save, collection, context, pieces, vectors, identity)

    def _get_row(self, reference: str) -> Collection:
        row = find_collection(self.workspace_id, reference)
        if row is None:
            hint = "Choose one from the list, or create it on the Collections page."
            raise ActionError("unknown_collection", f"There is no collection {reference[:100]!r}.", hint)
        return row

    def _get_embedder(self, reference: str) -> TextEmbedder:
        row = self._get_row(reference)
        try:
            embedder = get_embedder(row)
        except DomainError as error:
            raise ActionError(error.code, error.message, error.hint) from None
        if embedder is None:
            mismatch = get_facts(row).describe_missing_embedder()
            raise ActionError("embedder_mismatch", mismatch.message, mismatch.hint)
        return embedder

    def _get_checked_row(self, reference: str, identity: EmbedderIdentity) -> Collection:
        row = self._get_row(reference)
        saving.check_embedder(row, identity)
        return row

    def _search(self, reference: str, vector: Vectors, identity: EmbedderIdentity, query: Query) -> list[Hit]:
        searching = EmbedderIdentity(identity.kind, identity.model, len(vector))
        return search_collection(self._get_checked_row(reference, searching), vector, query)

    def _save(
        self, reference: str, context: str, pieces: Sequence[Piece], vectors: Vectors, identity: EmbedderIdentity
    ) -> str:
        row = self._get_checked_row(reference, identity)
        return str(saving.save_document(row, context, pieces, vectors, identity))
