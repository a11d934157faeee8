"""Checks which embedder a person chooses for a collection, and opens the embedder that a collection has. Sync."""

from actions.contract.connection import Connection as Kind
from actions.contract.errors import DomainError
from actions.contract.registry import get_connection_kinds
from actions.vectors.built_in import BuiltInEmbedder
from actions.vectors.embedding import (
    BUILT_IN,
    DEFAULT_DIMENSION,
    LEXICAL,
    CollectionFacts,
    EmbedderIdentity,
    EmbeddingConnection,
    TextEmbedder,
    can_embed,
)
from connections.models import Connection
from connections.sealing import open_connection
from document_collections.models import Collection


def choose_embedder(
    kind: str | None, model: str | None, dimension: int | None, connection: Connection | None
) -> EmbedderIdentity:
    """Return the embedder that these choices describe. Raises DomainError that names the field at fault."""
    kind = kind or (connection.kind if connection else BUILT_IN)
    if kind == BUILT_IN:
        if connection is not None:
            raise _build_invalid_embedder("connection", "The built-in embedder needs no connection.")
        if model not in (None, LEXICAL):
            raise _build_invalid_embedder("model", f"The built-in embedder has one model, {LEXICAL!r}.")
        return EmbedderIdentity(BUILT_IN, LEXICAL, dimension or DEFAULT_DIMENSION)
    declared = get_connection_kinds().get(kind)
    if declared is None or not can_embed(declared):
        raise _build_invalid_embedder("kind", f"There is no embedder of the kind {kind[:40]!r}.")
    if connection is None or connection.kind != kind:
        raise _build_invalid_embedder("connection", f"Choose a connection of the kind {declared.title}.")
    if not model:
        raise _build_invalid_embedder("model", "Give the name of the embedding model.")
    return EmbedderIdentity(kind, model, dimension)


def get_identity(row: Collection) -> EmbedderIdentity:
    return EmbedderIdentity(row.embedder_kind, row.embedder_model, row.dimension)


FACT_FIELDS = ("name", "embedder_kind", "embedder_model", "dimension", "connection_id")
"""The columns that `get_facts` reads."""


def get_facts(row: Collection) -> CollectionFacts:
    """Return what a plan may know of the collection."""
    has_embedder = row.embedder_kind == BUILT_IN or row.connection_id is not None
    is_settled = row.dimension is not None or row.connection_id is not None or row.embedder_kind != BUILT_IN
    return CollectionFacts(row.name, get_identity(row), is_settled, has_embedder)


def describe_embedder(row: Collection) -> str:
    """Return the embedder in words: `Built-in (lexical)`, `Voyage, voyage-3.5`."""
    if row.embedder_kind == BUILT_IN:
        return "Built-in (lexical)"
    kind = get_connection_kinds().get(row.embedder_kind)
    return f"{kind.title if kind else row.embedder_kind}, {row.embedder_model}"


def open_collection_connection(row: Collection) -> Kind | None:
    """Return the collection's connection with its secrets, or None when it has none.

    Raises DomainError (`invalid`) when the connection cannot be used.
    """
    return open_connection(row.connection) if row.connection else None


def get_embedder(row: Collection) -> TextEmbedder | None:
    """Return the collection's embedder, or None when only the flow that filled the collection knows its connection."""
    if row.embedder_kind == BUILT_IN:
        return BuiltInEmbedder(row.dimension or DEFAULT_DIMENSION)
    connection = open_collection_connection(row)
    if isinstance(connection, EmbeddingConnection):
        return connection.build_embedder(row.embedder_model, row.dimension)
    return None


def _build_invalid_embedder(field: str, message: str) -> DomainError:
    return DomainError("invalid", "invalid_embedder", message, field=f"embedder.{field}")
