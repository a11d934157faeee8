"""Reads and changes the collections and documents of one workspace. Sync."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum

from actions.contract.errors import DomainError
from connections import services as connections
from connections.models import Connection
from document_collections.chunk_rows import delete_chunks
from document_collections.embedders import choose_embedder
from document_collections.indexing.upload_paths import get_upload_path
from document_collections.models import Collection, Document, DocumentStatus
from web.errors import build_not_found
from web.unique_names import save_with_unique_name
from web.usage_registry import NamedUser, UsageRegistry, build_in_use_error

collection_usages = UsageRegistry[str, NamedUser]()
"""Finders of what uses a collection; the key is the collection's name, by which flows refer to it."""


def find_users(row: Collection) -> list[NamedUser]:
    """Return the flows that use the collection."""
    return collection_usages.find(row.workspace_id, row.name)


def find_collections_using(workspace_id: UUID, connection_id: UUID) -> Iterable[NamedUser]:
    """Return the collections that are embedded through a connection: id, and the words `collection` and its name."""
    rows = Collection.objects.filter(workspace_id=workspace_id, connection_id=connection_id)
    return [(pk, f"collection {name}") for pk, name in rows.values_list("pk", "name")]


def list_collections(workspace_id: UUID) -> QuerySet[Collection]:
    """Return the collections by name, with `ready_documents` and `ready_chunks`: what a search can find."""
    ready = Q(documents__status=DocumentStatus.READY)
    return Collection.objects.filter(workspace_id=workspace_id).annotate(
        ready_documents=Count("documents", filter=ready), ready_chunks=Sum("documents__done", filter=ready, default=0)
    )


def get_collection(workspace_id: UUID, collection_id: UUID) -> Collection:
    """Return the collection. Raises DomainError `not_found` when the workspace has no such collection."""
    row = Collection.objects.filter(workspace_id=workspace_id, pk=collection_id).select_related("connection").first()
    if row is None:
        raise build_not_found()
    return row


def list_documents(collection: Collection) -> QuerySet[Document]:
    """Return the documents, the newest first, without those that are deleted and whose rows are still being removed."""
    return collection.documents.exclude(status=DocumentStatus.LEAVING)


def get_document(collection: Collection, document_id: UUID) -> Document:
    """Return the document. Raises DomainError `not_found` when the collection has no such document."""
    row = list_documents(collection).filter(pk=document_id).first()
    if row is None:
        raise build_not_found()
    return row


def list_names(workspace_id: UUID) -> Mapping[str, str]:
    """Return the names of the workspace's collections, by themselves: a flow refers to a collection by its name."""
    rows = Collection.objects.filter(workspace_id=workspace_id).values_list("name", flat=True)
    return {name: name for name in rows}


def create(workspace_id: UUID, name: str, description: str, embedder: Mapping[str, Any] | None) -> Collection:
    """Store an empty collection. Raises DomainError (`invalid`) that names the field at fault.

    `embedder` may hold `kind`, `model`, `dimension` and `connection`, an id; without it, the built-in one is used.
    """
    row = Collection(workspace_id=workspace_id, name=name, description=description)
    if embedder:
        _set_embedder(row, embedder)
    return _save(row)


def change(row: Collection, changes: Mapping[str, Any]) -> Collection:
    """Change the given parts: `name`, `description`, `embedder`.

    Raises DomainError (`conflict`) for a new name while flows use the collection, and for another embedder while the
    collection has documents.
    """
    name = changes.get("name", row.name)
    if name != row.name:
        _refuse_when_used(row, f"{row.name!r} cannot be renamed")
    row.name = name
    row.description = changes.get("description", row.description)
    if changes.get("embedder"):
        _change_embedder(row, changes["embedder"])
    return _save(row)


def delete(row: Collection) -> None:
    """Delete the collection with its documents. Raises DomainError (`conflict`) that names the flows which use it."""
    _refuse_when_used(row, f"{row.name!r} cannot be deleted")
    for document in list(row.documents.all()):
        delete_document(document)
    row.delete()


def delete_document(document: Document) -> None:
    """Delete the document. A search no longer finds it at once; its rows are removed in small steps."""
    with transaction.atomic():
        Document.objects.filter(pk=document.pk).update(status=DocumentStatus.LEAVING)
        raise_revision(document.collection_id)
    remove_document_rows(document.pk)


def remove_document_rows(document_id: UUID) -> None:
    """Remove the file and the rows of a document whose status is `leaving`."""
    get_upload_path(document_id).unlink(missing_ok=True)
    delete_chunks(document_id)
    Document.objects.filter(pk=document_id).delete()


def raise_revision(collection_id: UUID) -> None:
    """Make searches read the collection again. Call it in the transaction of the change."""
    Collection.objects.filter(pk=collection_id).update(revision=F("revision") + 1)


def _set_embedder(row: Collection, embedder: Mapping[str, Any]) -> None:
    connection: Connection | None = None
    if embedder.get("connection"):
        connection = _get_connection(row.workspace_id, embedder["connection"])
    identity = choose_embedder(embedder.get("kind"), embedder.get("model"), embedder.get("dimension"), connection)
    row.embedder_kind, row.embedder_model, row.dimension = identity.kind, identity.model, identity.dimension
    row.connection = connection


def _change_embedder(row: Collection, embedder: Mapping[str, Any]) -> None:
    """Set another embedder. While the collection has documents, only its connection may be another one."""
    before = (row.embedder_kind, row.embedder_model, row.dimension)
    _set_embedder(row, {"kind": row.embedder_kind, "model": row.embedder_model, "dimension": row.dimension, **embedder})
    after = (row.embedder_kind, row.embedder_model, row.dimension)
    if before != after and row.documents.exists():
        message = f"The documents of {row.name!r} are embedded in another way."
        hint = "Delete its documents first, or create another collection."
        raise DomainError("conflict", "collection_not_empty", message, field="embedder", hint=hint)


def _get_connection(workspace_id: UUID, connection_id: UUID) -> Connection:
    try:
        return connections.get_connection(workspace_id, connection_id)
    except DomainError:
        message = "There is no such connection."
        raise DomainError("invalid", "unknown_connection", message, field="embedder.connection") from None


def _refuse_when_used(row: Collection, sentence: str) -> None:
    users = find_users(row)
    if users:
        hint = "Choose another collection there first."
        raise build_in_use_error("collection_in_use", f"{sentence}: it is used by", users, hint)


def _save(row: Collection) -> Collection:
    return save_with_unique_name(row, noun="collection", name=row.name, workspace_id=row.workspace_id)
