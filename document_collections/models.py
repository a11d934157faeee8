"""Collections of documents, the chunks they are cut into, and the vectors of the chunks."""

import uuid

from django.db import models

from actions.contract.property_types import MAX_COLLECTION_NAME_CHARACTERS
from actions.vectors.embedding import BUILT_IN, LEXICAL
from web.process_id import PROCESS_ID


def this_process() -> uuid.UUID:
    return PROCESS_ID


class Collection(models.Model):
    """Documents that are searched together; all of them are embedded by one embedder.

    `dimension` is None until something is embedded; from then on the embedder cannot change. `revision` rises with
    every change of what a search can find.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="collections")
    name = models.CharField(max_length=MAX_COLLECTION_NAME_CHARACTERS)
    description = models.CharField(max_length=500, blank=True, default="")
    embedder_kind = models.CharField(max_length=40, default=BUILT_IN)
    embedder_model = models.CharField(max_length=200, default=LEXICAL)
    dimension = models.PositiveIntegerField(null=True, blank=True)
    connection = models.ForeignKey(
        "connections.Connection", null=True, blank=True, on_delete=models.RESTRICT, related_name="collections"
    )
    revision = models.PositiveBigIntegerField(default=1, editable=False)
    has_vector_index = models.BooleanField(default=False, db_default=False, editable=False)
    """Whether `document_collections.vector_index` has every chunk: then each new one is put into it too."""
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=("workspace", "name"), name="one_collection_per_name")]

    def __str__(self) -> str:
        return self.name


class DocumentStatus(models.TextChoices):
    INDEXING = "indexing", "Indexing"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"
    LEAVING = "leaving", "Leaving"
    """Deleted, and no longer shown. Its chunks are deleted in small steps, so that no other writer waits for long."""


class Document(models.Model):
    """A file that was uploaded, or a text that a flow saved."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="documents")
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField(default=0)
    """In bytes."""
    media_type = models.CharField(max_length=100, default="text/plain")
    worker = models.UUIDField(default=this_process, editable=False)
    """The server process that took it, and indexes it."""
    uploaded = models.BooleanField(default=False)
    context = models.CharField(max_length=255, blank=True, default="")
    """The context under which a flow saved it: a later save under the same context replaces it."""
    status = models.CharField(max_length=10, choices=DocumentStatus.choices, default=DocumentStatus.INDEXING)
    error = models.JSONField(null=True, blank=True)
    """Why it has failed: `code`, `message` and `hint`."""
    warnings = models.JSONField(default=list, blank=True)
    """What of the file could not be read, or was guessed: a list of objects with `code` and `message`."""
    fields = models.JSONField(default=dict, blank=True)
    """The metadata of its chunks that a filter can use: see `document_collections.filter_fields`."""
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    """`done` counts the chunks that are stored, `total` all chunks of the document as far as they are known."""
    stored_bytes = models.PositiveBigIntegerField(default=0)
    """Of its chunks: their texts, their metadata and their vectors."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at", "name")
        indexes = [
            models.Index(fields=("collection", "context"), name="documents_by_context"),
            models.Index(fields=("status", "created_at"), name="documents_by_status"),
        ]

    def __str__(self) -> str:
        return self.name


class Chunk(models.Model):
    """A piece of a document. `vector` holds as many float32 numbers, little-endian, as the collection's `dimension`."""

    id = models.BigAutoField(primary_key=True)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="chunks", db_index=False)
    position = models.PositiveIntegerField()
    text = models.TextField()
    metadata = models.JSONField(default=dict)
    vector = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("document", "position"), name="one_chunk_per_position")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.position}"
