"""Describes collections, documents and search results as the API answers them."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from actions.vectors.store import Hit
from document_collections import services
from document_collections.api import shapes
from document_collections.embedders import describe_embedder
from document_collections.models import Collection, Document, DocumentStatus
from web.usage_registry import NamedUser


def describe_collections(workspace_id: UUID, rows: Sequence[Collection]) -> list[shapes.Collection]:
    """Return collections that were read through `services.list_collections`."""
    users = services.map_users(workspace_id, rows)
    return [_describe_collection(row, users.get(row.pk, [])) for row in rows]


def _describe_collection(row: Collection, users: Sequence[NamedUser]) -> shapes.Collection:
    counts: Any = row
    return {
        "id": str(row.pk),
        "name": row.name,
        "description": row.description,
        "embedder": _describe_embedder(row),
        "documents": counts.ready_documents,
        "chunks": counts.ready_chunks,
        "used_by": [user.to_json() for user in users],
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def describe_document(row: Document) -> shapes.Document:
    return {
        "id": str(row.pk),
        "name": row.name,
        "size": row.size,
        "media_type": row.media_type,
        "status": cast("Any", row.status),
        "error": row.error,
        "warnings": row.warnings,
        "done": row.done,
        "total": row.total,
        "chunks": row.done if row.status == DocumentStatus.READY else 0,
        "context": row.context or None,
        "created_at": row.created_at,
    }


def describe_hits(hits: Sequence[Hit], took_ms: float, unknown_fields: list[str]) -> shapes.SearchAnswer:
    return {
        "results": [
            {
                "text": hit.text,
                "score": hit.score,
                "document": hit.document,
                "metadata": dict(hit.metadata),
                "matches": list(hit.matches),
            }
            for hit in hits
        ],
        "took_ms": round(took_ms, 1),
        "unknown_fields": unknown_fields,
    }


def _describe_embedder(row: Collection) -> shapes.Embedder:
    connection = row.connection
    return {
        "kind": row.embedder_kind,
        "model": row.embedder_model,
        "dimension": row.dimension,
        "connection": {"id": str(connection.pk), "name": connection.name} if connection else None,
        "title": describe_embedder(row),
    }
