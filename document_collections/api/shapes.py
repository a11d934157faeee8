"""Collections, documents and search results as JSON. Pure: types only."""

from datetime import datetime
from typing import Literal

from actions.contract.shapes import Json
from web.shapes import Named, Shape, UsedBy


class Embedder(Shape):
    """How a collection is embedded. `dimension` is null until something has been; `title` says it to a person."""

    kind: str
    model: str
    dimension: int | None
    connection: Named | None
    title: str


class Collection(Shape):
    """`documents` and `chunks` count what can be found: documents that are ready."""

    id: str
    name: str
    description: str
    embedder: Embedder
    documents: int
    chunks: int
    used_by: list[UsedBy]
    created_at: datetime
    updated_at: datetime


class CollectionList(Shape):
    collections: list[Collection]


class DocumentError(Shape):
    code: str
    message: str
    hint: str | None


class DocumentWarning(Shape):
    """What of a file could not be read, or was guessed, in words."""

    code: str
    message: str


class Document(Shape):
    """`done` of `total` chunks are stored while it is indexing; `chunks` can be found once it is ready."""

    id: str
    name: str
    size: int
    media_type: str
    status: Literal["indexing", "ready", "failed"]
    error: DocumentError | None
    warnings: list[DocumentWarning]
    done: int
    total: int
    chunks: int
    context: str | None
    created_at: datetime


class DocumentList(Shape):
    documents: list[Document]


class Hit(Shape):
    """A chunk that was found. `matches` are the words of its text that match the search text."""

    text: str
    score: float
    document: str
    metadata: dict[str, Json]
    matches: list[str]


class SearchAnswer(Shape):
    """`unknown_fields` are those that the filter names and no document has."""

    results: list[Hit]
    took_ms: float
    unknown_fields: list[str]


class FilterField(Shape):
    """A field that a filter can use. `example` is the value of one chunk; null where it is no short one."""

    name: str
    example: str | int | float | bool | None


class FilterFieldList(Shape):
    fields: list[FilterField]
