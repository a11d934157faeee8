"""Put texts into a collection."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

from actions.contract.action import Action, ActionContext, Attachment, Output
from actions.contract.errors import ActionError, Problem
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import TEXT_MODES, CollectionRef, Text, VariableName
from actions.contract.records import Record, RecordField, RecordType, render
from actions.contract.steps import Result, Step
from actions.vectors.embedder_check import check_embedder
from actions.vectors.embedding import TextEmbedder
from actions.vectors.splitting import TextSplitter
from actions.vectors.store import Piece, VectorStore

MAX_CHUNKS = 5_000
MAX_CHARACTERS = 5_000_000
MAX_METADATA_CHARACTERS = 10_000

SAVED_DOCUMENT = RecordType(
    "saved_document",
    "Saved document",
    (
        RecordField("document", "text", "The id of the document that holds the chunks."),
        RecordField("chunks", "integer", "How many chunks were saved."),
    ),
)


class SavedDocument(Record):
    """What was saved. Where a text is wanted, it is the document's id."""

    __slots__ = ()
    record_type = SAVED_DOCUMENT
    renders_as = "document"


class SaveVectorsProperties(ActionProperties):
    collection: CollectionRef = prop("The collection to save into.")
    content: Any = prop(
        "A text, or a list of texts or of objects with `text` and `metadata`.", modes=TEXT_MODES, widget="template"
    )
    metadata: dict[str, Any] = prop("What every chunk carries, for filters and prompts.", default={})
    context: Text = prop(
        "A name for what is saved, such as the address of a page. Saving under it again replaces it.", default=""
    )
    result_variable_name: VariableName = prop("Variable that tells what was saved.", default="saved", port=False)


class SaveVectors(Action[SaveVectorsProperties]):
    """Cut texts into chunks, embed them and save them into a collection."""

    type = "vectors.save_vectors"
    family = "vectors"
    attachments = (
        Attachment("text_splitter", "Text splitter", TextSplitter),
        Attachment("text_embedder", "Text embedder", TextEmbedder),
    )
    output = Output(SAVED_DOCUMENT, name="result_variable_name")
    width = 212

    async def run(self, properties: SaveVectorsProperties, context: ActionContext) -> AsyncIterator[Step]:
        splitter = context.helpers.get("text_splitter") or TextSplitter()
        pieces = await asyncio.to_thread(_split_content, properties, splitter)
        store = context.services.get(VectorStore)
        embedder: TextEmbedder = context.helpers.get("text_embedder") or await store.get_embedder(properties.collection)
        await store.check(properties.collection, embedder.identity)
        texts = [piece.text for piece in pieces]
        vectors = await embedder.embed(texts)
        name = properties.context[:255]
        document = await store.save(properties.collection, name, pieces, vectors, embedder.identity)
        yield Result(SavedDocument(document=document, chunks=len(pieces)))

    @classmethod
    def check_attached(cls, known: Mapping[str, Any], attached: Mapping[str, Any]) -> Iterable[Problem]:
        return check_embedder(known, attached)


def _split_content(properties: SaveVectorsProperties, splitter: TextSplitter) -> list[Piece]:
    """Return the chunks of the content; raises ActionError when there is none, too much, or not a text."""
    items = properties.content if isinstance(properties.content, list) else [properties.content]
    parts = [_read_part(item, at, properties.metadata) for at, item in enumerate(items)]
    characters = sum(len(part.text) for part in parts)
    if characters > MAX_CHARACTERS:
        message = f"Content has {characters:,} characters; {MAX_CHARACTERS:,} are allowed."
        raise ActionError("value_too_large", message, "Save it in several steps, or upload it as a file.")
    pieces = [
        Piece(piece.text, {**part.metadata, **piece.metadata}) for part in parts for piece in splitter.split(part.text)
    ]
    if not pieces:
        raise ActionError("empty_content", "Content holds no text.", "Bind it to what is to be saved.")
    if len(pieces) > MAX_CHUNKS:
        message = f"Content makes {len(pieces):,} chunks; {MAX_CHUNKS:,} are allowed."
        raise ActionError("value_too_large", message, "Save it in several steps, or make the chunks larger.")
    return pieces


def _read_part(item: Any, at: int, common: Mapping[str, Any]) -> Piece:
    if isinstance(item, Mapping) and not isinstance(item, Record):
        text, metadata = item.get("text"), item.get("metadata", {})
        if not isinstance(text, str) or not isinstance(metadata, Mapping):
            message = f"Item {at} of Content is not an object with a text and its metadata."
            raise ActionError("invalid_value", message, 'Write it like {"text": "…", "metadata": {"page": 1}}.')
        return _check_part(Piece(text, {**common, **metadata}), at)
    if isinstance(item, list):
        raise ActionError("invalid_value", f"Item {at} of Content is a list.", "Give a flat list of texts.")
    return _check_part(Piece(render(item), dict(common)), at)


def _check_part(part: Piece, at: int) -> Piece:
    if len(render(part.metadata)) > MAX_METADATA_CHARACTERS:
        message = f"The metadata of item {at} of Content has more than {MAX_METADATA_CHARACTERS:,} characters."
        raise ActionError("value_too_large", message, "It is repeated in every chunk: keep it short.")
    if "\x00" in part.text:
        return Piece(part.text.replace("\x00", ""), part.metadata)
    return part
