"""Which embedder a collection has: chosen by a person, remembered by its row, opened for use. Sync."""

from actions.contract.connection import Connection as Kind
from actions.contract.errors import DomainError
from actions.contract.registry import get_connection_kinds
from actions.vectors.built_in import BuiltInEmbedder
from actions.vectors.embedding import (
    BUILT_IN,
    DEFAULT_DIMENSION,
    LEXICAL,
    EmbedderIdentity,
    EmbeddingConnection,
    TextEmbedder,
    can_embed,
)
from connections.contents import opened
from connections.models import Connection
from document_collections.models import Collection


def chosen(
    kind: str | None, model: str | None, dimension: int | None, connection: Connection | None
) -> EmbedderIdentity:
    """Return the embedder that a person has chosen; raises DomainError naming the field that does not fit."""
    kind = kind or (connection.kind if connection else BUILT_IN)
    if kind == BUILT_IN:
        if connection is not None:
            raise _unfit("connection", "The built-in embedder needs no connection.")
        if model not in (None, LEXICAL):
            raise _unfit("model", f"The built-in embedder has one model, {LEXICAL!r}.")
        return EmbedderIdentity(BUILT_IN, LEXICAL, dimension or DEFAULT_DIMENSION)
    declared = get_connection_kinds().get(kind)
    if declared is None or not can_embed(declared):
        raise _unfit("kind", f"There is no embedder of the kind {kind[:40]!r}.")
    if connection is None or connection.kind != kind:
        raise _unfit("connection", f"Choose a connection of the kind {declared.title}.")
    if not model:
        raise _unfit("model", "Give the model that embeds.")
    return EmbedderIdentity(kind, model, dimension)


def identity_of(row: Collection) -> EmbedderIdentity:
    return EmbedderIdentity(row.embedder_kind, row.embedder_model, row.dimension)


def title_of(row: Collection) -> str:
    """Return the embedder in words: `Built-in (lexical)`, `Voyage, voyage-3.5`."""
    if row.embedder_kind == BUILT_IN:
        return "Built-in (lexical)"
    kind = get_connection_kinds().get(row.embedder_kind)
    return f"{kind.title if kind else row.embedder_kind}, {row.embedder_model}"


def connection_of(row: Collection) -> Kind | None:
    """Return the collection's connection with its secrets; raises DomainError (`invalid`) when it cannot be used."""
    return opened(row.connection) if row.connection else None


def embedder_of(row: Collection) -> TextEmbedder | None:
    """Return what the collection is embedded by, or None when only the flow that filled it knows the connection."""
    if row.embedder_kind == BUILT_IN:
        return BuiltInEmbedder(row.dimension or DEFAULT_DIMENSION)
    connection = connection_of(row)
    if isinstance(connection, EmbeddingConnection):
        return connection.build_embedder(row.embedder_model, row.dimension)
    return None


def _unfit(field: str, message: str) -> DomainError:
    return DomainError("invalid", "invalid_embedder", message, field=f"embedder.{field}")
