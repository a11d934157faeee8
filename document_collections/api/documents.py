"""Collections and documents as the API shows them."""

from typing import Any, cast

from document_collections import services, shapes
from document_collections.embedders import title_of
from document_collections.models import Collection, Document, DocumentStatus


def collection_document(row: Collection) -> shapes.Collection:
    """Return a collection that was read through `services.counted`."""
    counts: Any = row
    return {
        "id": str(row.pk),
        "name": row.name,
        "description": row.description,
        "embedder": _embedder(row),
        "documents": counts.ready_documents,
        "chunks": counts.ready_chunks,
        "used_by": [{"id": str(pk), "name": name} for pk, name in services.used_by(row)],
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def document_document(row: Document) -> shapes.Document:
    return {
        "id": str(row.pk),
        "name": row.name,
        "size": row.size,
        "media_type": row.media_type,
        "status": cast("Any", row.status),
        "error": row.error,
        "done": row.done,
        "total": row.total,
        "chunks": row.done if row.status == DocumentStatus.READY else 0,
        "context": row.context or None,
        "created_at": row.created_at,
    }


def _embedder(row: Collection) -> shapes.Embedder:
    connection = row.connection
    return {
        "kind": row.embedder_kind,
        "model": row.embedder_model,
        "dimension": row.dimension,
        "connection": {"id": str(connection.pk), "name": connection.name} if connection else None,
        "title": title_of(row),
    }
