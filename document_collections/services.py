"""Reads and changes the collections and documents of one workspace. Sync."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum

from actions.contract.errors import DomainError
from actions.vectors.embedding import CollectionFacts
from actions.vectors.filters import NAME_FIELD, parse_filter
from connections import services as connections
from connections.models import Connection
from document_collections.chunk_rows import delete_chunks
from document_collections.embedders import FACT_FIELDS, choose_embedder, get_facts
from document_collections.filter_fields import Fields, merge_fields, shorten_example
from document_collections.indexing.waiting_files import remove_file
from document_collections.models import Collection, Document, DocumentStatus
from document_collections.vector_index.rows import delete_rows
from web.errors import build_not_found
from web.text import read_uuid
from web.unique_names import save_with_unique_name
from web.usage_registry import FoundUser, NamedUser, UsageRegistry, build_in_use_error, group_users
from workspaces.storage import StoredPart

CHANGEABLE = ("name", "description", "embedder_kind", "embedder_model", "dimension", "connection", "updated_at")
"""What a person changes. The rest of a row is changed by those who store documents, perhaps at the same moment."""
collection_usages = UsageRegistry[Iterable[UUID], FoundUser]()
"""Finders of what uses collections; the key are their ids."""


def find_users(row: Collection) -> list[NamedUser]:
    """Return the flows that use the collection."""
    return map_users(row.workspace_id, [row]).get(row.pk, [])


def map_users(workspace_id: UUID, rows: Iterable[Collection]) -> dict[UUID, list[NamedUser]]:
    """Return the flows that use the collections, by the id of the collection. Reads each flow once."""
    return group_users(collection_usages.find(workspace_id, [row.pk for row in rows]))


def find_collections_using(workspace_id: UUID, connections: Iterable[UUID]) -> Iterable[FoundUser]:
    """Return the collections that are embedded through the connections, each with the id of its connection."""
    rows = Collection.objects.filter(workspace_id=workspace_id, connection_id__in=connections)
    return [(id, NamedUser("collection", pk, name)) for id, pk, name in rows.values_list("connection_id", "pk", "name")]


def list_collections(workspace_id: UUID) -> QuerySet[Collection]:
    """Return the collections by name, with `ready_documents` and `ready_chunks`: what a search can find."""
    ready = Q(documents__status=DocumentStatus.READY)
    counted = Collection.objects.filter(workspace_id=workspace_id).annotate(
        ready_documents=Count("documents", filter=ready), ready_chunks=Sum("documents__done", filter=ready, default=0)
    )
    return counted.order_by("name")  # rows that are counted lose the order of their model


def get_collection(workspace_id: UUID, collection_id: UUID) -> Collection:
    """Return the collection. Raises DomainError `not_found` when the workspace has no such collection."""
    row = Collection.objects.filter(workspace_id=workspace_id, pk=collection_id).select_related("connection").first()
    if row is None:
        raise build_not_found()
    return row


def list_documents(collection: Collection) -> QuerySet[Document]:
    """Return the documents, the newest first, without those that are deleted and whose rows are still being removed."""
    return collection.documents.exclude(status=DocumentStatus.LEAVING)


def list_filter_fields(collection: Collection) -> Fields:
    """Return the fields that filters can use, with an example of each: those that most documents have first.

    The field `document` is the name of a document. An empty collection has no fields.
    """
    ready = collection.documents.filter(status=DocumentStatus.READY).order_by("created_at")
    rows = list(ready.values_list("name", "fields"))
    return merge_fields({**fields, NAME_FIELD: shorten_example(name)} for name, fields in rows)


def find_unknown_fields(collection: Collection, filter: str) -> list[str]:
    """Return the fields that the filter names and no document has; none while no document can be found.

    Raises FilterError for what is no filter.
    """
    named = parse_filter(filter).fields if filter.strip() else frozenset()
    known = list_filter_fields(collection) if named else {}
    return sorted(named - known.keys()) if known else []


def get_document(collection: Collection, document_id: UUID) -> Document:
    """Return the document. Raises DomainError `not_found` when the collection has no such document."""
    row = list_documents(collection).filter(pk=document_id).first()
    if row is None:
        raise build_not_found()
    return row


def measure_storage(workspace_id: UUID) -> list[StoredPart]:
    """Return what each collection stores: its chunks, and the files that wait to be indexed."""
    waiting = Q(documents__status=DocumentStatus.INDEXING, documents__uploaded=True)
    rows = Collection.objects.filter(workspace_id=workspace_id).annotate(
        stored=Sum("documents__stored_bytes", default=0), waiting=Sum("documents__size", filter=waiting, default=0)
    )
    return [StoredPart("collection", str(row.pk), row.name, row.stored + row.waiting) for row in rows]


def find_collection(workspace_id: UUID, reference: str) -> Collection | None:
    """Return the collection that a flow refers to: by its id, as graphs do, or by its name, as an expression may."""
    rows = Collection.objects.filter(workspace_id=workspace_id).select_related("connection")
    id = read_uuid(reference)
    return (rows.filter(pk=id).first() if id else None) or rows.filter(name=reference).first()


def list_facts(workspace_id: UUID) -> Mapping[str, CollectionFacts]:
    """Return what a plan may know of the workspace's collections, by all that a flow can refer to them by."""
    rows = list(Collection.objects.filter(workspace_id=workspace_id).only(*FACT_FIELDS))
    by_name = {row.name: get_facts(row) for row in rows}
    return {**by_name, **{str(row.pk): by_name[row.name] for row in rows}}


def list_ids_by_name(workspace_id: UUID) -> Mapping[str, str]:
    """Return the ids of the workspace's collections by their names."""
    rows = Collection.objects.filter(workspace_id=workspace_id).values_list("name", "pk")
    return {name: str(pk) for name, pk in rows}


def create(workspace_id: UUID, name: str, description: str, embedder: Mapping[str, Any] | None) -> Collection:
    """Store an empty collection. Raises DomainError (`invalid`) that names the field at fault.

    `embedder` may hold `kind`, `model`, `dimension` and `connection`, an id; without it, the built-in one is used.
    """
    row = Collection(workspace_id=workspace_id, name=name, description=description)
    if embedder:
        _set_embedder(row, embedder)
    return _save(row)


def change(row: Collection, changes: Mapping[str, Any]) -> Collection:
    """Change the given parts: `name`, `description`, `embedder`. Flows keep the id, so a new name changes none.

    Raises DomainError: `invalid` for a name that is taken, `conflict` for another embedder while the collection has
    documents.
    """
    row.name = changes.get("name", row.name)
    row.description = changes.get("description", row.description)
    if changes.get("embedder"):
        _change_embedder(row, changes["embedder"])
    return _save(row, CHANGEABLE)


def delete(row: Collection) -> None:
    """Delete the collection with its documents. Raises DomainError (`conflict`) that names the flows which use it."""
    if users := find_users(row):
        hint = "Choose another collection there first."
        raise build_in_use_error("collection_in_use", f"{row.name!r} is used by", users, hint)
    for document in list(row.documents.all()):
        _delete_rows_of(document)  # a file that waits is removed with the forgotten ones: a bucket may take its time
    row.delete()


def delete_document(document: Document) -> None:
    """Delete the document. A search no longer finds it at once; its file and its rows are removed in small steps."""
    _delete_rows_of(document)
    if document.uploaded and document.status == DocumentStatus.INDEXING:
        remove_file(document.pk)


def _delete_rows_of(document: Document) -> None:
    with transaction.atomic():
        Document.objects.filter(pk=document.pk).update(status=DocumentStatus.LEAVING)
        raise_revision(document.collection_id)
    remove_document_rows(document.pk)


def remove_document_rows(document_id: UUID) -> None:
    """Remove the rows of a document whose status is `leaving`."""
    delete_rows(document_id)
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
    if before != after:
        Collection.objects.filter(pk=row.pk).update(has_vector_index=False)


def _get_connection(workspace_id: UUID, connection_id: UUID) -> Connection:
    try:
        return connections.get_connection(workspace_id, connection_id)
    except DomainError:
        message = "There is no such connection."
        raise DomainError("invalid", "unknown_connection", message, field="embedder.connection") from None


def _save(row: Collection, fields: Iterable[str] | None = None) -> Collection:
    workspace_id = row.workspace_id
    return save_with_unique_name(row, noun="collection", name=row.name, workspace_id=workspace_id, fields=fields)
