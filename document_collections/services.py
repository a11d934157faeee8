"""What may be done with collections and documents, always within one workspace. Sync."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q, QuerySet, Sum

from actions.contract.errors import DomainError
from connections import services as connections
from connections.models import Connection
from document_collections.chunk_rows import delete_chunks
from document_collections.embedders import chosen
from document_collections.models import Collection, Document, DocumentStatus
from document_collections.paths import path_of
from web.errors import not_found

Usage = Callable[[UUID, str], Iterable[tuple[UUID, str]]]
_usages: list[Usage] = []


def register_usage(usage: Usage) -> None:
    """Let a part above say who uses a collection: `usage(workspace, name)` returns ids and names of flows."""
    if usage not in _usages:
        _usages.append(usage)


def used_by(row: Collection) -> list[tuple[UUID, str]]:
    return [found for usage in _usages for found in usage(row.workspace_id, row.name)]


def collections_using(workspace_id: UUID, connection_id: UUID) -> Iterable[tuple[UUID, str]]:
    """Return the collections that are embedded by a connection: id and what a person calls it."""
    rows = Collection.objects.filter(workspace_id=workspace_id, connection_id=connection_id)
    return [(pk, f"collection {name}") for pk, name in rows.values_list("pk", "name")]


def counted(workspace_id: UUID) -> QuerySet[Collection]:
    """Return the collections with `ready_documents` and `ready_chunks`: what a search can find."""
    ready = Q(documents__status=DocumentStatus.READY)
    return Collection.objects.filter(workspace_id=workspace_id).annotate(
        ready_documents=Count("documents", filter=ready), ready_chunks=Sum("documents__done", filter=ready, default=0)
    )


def collection_of(workspace_id: UUID, collection_id: UUID) -> Collection:
    """Return the collection; raises DomainError (`not_found`) when it is another workspace's."""
    row = Collection.objects.filter(workspace_id=workspace_id, pk=collection_id).select_related("connection").first()
    if row is None:
        raise not_found()
    return row


def documents_of(collection: Collection) -> QuerySet[Document]:
    return collection.documents.exclude(status=DocumentStatus.LEAVING)


def document_of(collection: Collection, document_id: UUID) -> Document:
    row = documents_of(collection).filter(pk=document_id).first()
    if row is None:
        raise not_found()
    return row


def names(workspace_id: UUID) -> Mapping[str, str]:
    """Return what a flow may name: the collections of the workspace."""
    rows = Collection.objects.filter(workspace_id=workspace_id).values_list("name", flat=True)
    return {name: name for name in rows}


def create(workspace_id: UUID, name: str, description: str, embedder: Mapping[str, Any] | None) -> Collection:
    """Store an empty collection; raises DomainError (`invalid`) naming the field that cannot be taken."""
    row = Collection(workspace_id=workspace_id, name=name, description=description)
    if embedder:
        _choose(row, embedder)
    return _saved(row)


def change(row: Collection, given: Mapping[str, Any]) -> Collection:
    """Change what is given.

    Raises DomainError (`conflict`) when flows know it by its name, or documents by its embedder.
    """
    name = given.get("name", row.name)
    if name != row.name:
        _refuse_used(row, f"{row.name!r} cannot be renamed")
    row.name = name
    row.description = given.get("description", row.description)
    if given.get("embedder"):
        _rechoose(row, given["embedder"])
    return _saved(row)


def delete(row: Collection) -> None:
    """Delete the collection with its documents; raises DomainError (`conflict`) naming the flows that use it."""
    _refuse_used(row, f"{row.name!r} cannot be deleted")
    for document in list(row.documents.all()):
        delete_document(document)
    row.delete()


def delete_document(document: Document) -> None:
    """Delete the document: gone from searches at once, and from the tables in small steps."""
    with transaction.atomic():
        Document.objects.filter(pk=document.pk).update(status=DocumentStatus.LEAVING)
        touch(document.collection_id)
    remove(document.pk)


def remove(document_id: UUID) -> None:
    """Remove the rows of a document that is leaving."""
    path_of(document_id).unlink(missing_ok=True)
    delete_chunks(document_id)
    Document.objects.filter(pk=document_id).delete()


def touch(collection_id: UUID) -> None:
    """Say that a search may find something else from now on. In the transaction of the change."""
    Collection.objects.filter(pk=collection_id).update(revision=F("revision") + 1)


def _choose(row: Collection, embedder: Mapping[str, Any]) -> None:
    connection: Connection | None = None
    if embedder.get("connection"):
        connection = _connection(row.workspace_id, embedder["connection"])
    identity = chosen(embedder.get("kind"), embedder.get("model"), embedder.get("dimension"), connection)
    row.embedder_kind, row.embedder_model, row.dimension = identity.kind, identity.model, identity.dimension
    row.connection = connection


def _rechoose(row: Collection, embedder: Mapping[str, Any]) -> None:
    """Another connection of the same kind and model is always possible; another embedder while it is empty."""
    before = (row.embedder_kind, row.embedder_model, row.dimension)
    _choose(row, {"kind": row.embedder_kind, "model": row.embedder_model, "dimension": row.dimension, **embedder})
    after = (row.embedder_kind, row.embedder_model, row.dimension)
    if before != after and row.documents.exists():
        message = f"The documents of {row.name!r} are embedded in another way."
        hint = "Delete its documents first, or create another collection."
        raise DomainError("conflict", "collection_not_empty", message, field="embedder", hint=hint)


def _connection(workspace_id: UUID, connection_id: UUID) -> Connection:
    try:
        return connections.connection_of(workspace_id, connection_id)
    except DomainError:
        message = "There is no such connection."
        raise DomainError("invalid", "unknown_connection", message, field="embedder.connection") from None


def _refuse_used(row: Collection, what: str) -> None:
    flows = used_by(row)
    if flows:
        told = ", ".join(repr(name) for _, name in flows[:5]) + (" and others" if len(flows) > 5 else "")
        listed = [{"id": str(pk), "name": flow} for pk, flow in flows]
        message = f"{what}: it is used by {told}."
        raise DomainError(
            "conflict", "collection_in_use", message, hint="Choose another collection there first.", flows=listed
        )


def _saved(row: Collection) -> Collection:
    others = Collection.objects.filter(workspace_id=row.workspace_id, name=row.name).exclude(pk=row.pk)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        if not others.exists():
            raise
        message = f"There is a collection {row.name!r} already."
        raise DomainError("invalid", "name_taken", message, field="name", hint="Choose another name.") from None
    return row
