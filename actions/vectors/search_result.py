"""What a search found, as it travels through a flow."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions.contract.records import Record, RecordField, RecordType, render
from actions.vectors.store import Hit

FIELD_PATTERN = re.compile(r"@\[([A-Za-z_][A-Za-z0-9_.]{0,99})\]")
DEFAULT_TEMPLATE = "Source: @[document]\n@[text]"

SEARCH_RESULT = RecordType(
    "search_result",
    "Search result",
    (
        RecordField("text", "text", "The found chunks as text, each in the prompt template: what a Context reads."),
        RecordField(
            "records",
            "list",
            "The found chunks, best first: text, score, document, metadata, and matches.",
        ),
        RecordField("count", "integer", "How many chunks were found."),
        RecordField("search_results", "list", "The same for citations: source, title and text of each."),
    ),
)


class SearchResult(Record):
    """What Search vectors gives: a JSON object that is its `text` wherever a text is wanted.

    - `records`: `[{"text", "score", "document", "metadata": {…}, "matches": […]}]`, best first. `matches` are the
      words of the text that match the search text; none when an embedder found it by its meaning alone.
    - `search_results`: `[{"source", "title", "text"}]`, as many and in the same order: what an API needs to cite a
      record. `source` is the metadata `source`, else the document; `title` is the document's name, with the heading
      or the page where there is one. All three are texts, `text` is not empty.
    - `count`: how many records there are; with none, `text` is empty.
    """

    __slots__ = ()
    record_type = SEARCH_RESULT


def build_search_result(hits: Sequence[Hit], template: str, fields: Sequence[str]) -> SearchResult:
    """Return the record; `fields` are the metadata that its records carry, all of them when it is empty."""
    records = [_build_record(hit, fields) for hit in hits]
    return SearchResult(
        text="\n\n".join(render_hit(template, hit) for hit in hits),
        records=records,
        count=len(records),
        search_results=[_build_citation_source(hit) for hit in hits if hit.text],
    )


def render_hit(template: str, hit: Hit) -> str:
    """Put a record into the template, in one pass: what a document holds is never read as a template."""
    fields = {**hit.metadata, "text": hit.text, "document": hit.document, "score": hit.score, "metadata": hit.metadata}
    return FIELD_PATTERN.sub(lambda match: render(_look_up(fields, match[1])), template)


def _build_record(hit: Hit, fields: Sequence[str]) -> dict[str, Any]:
    metadata = {name: value for name, value in hit.metadata.items() if not fields or name in fields}
    return {
        "text": hit.text,
        "score": hit.score,
        "document": hit.document,
        "metadata": metadata,
        "matches": list(hit.matches),
    }


def _build_citation_source(hit: Hit) -> dict[str, str]:
    source = hit.metadata.get("source")
    where = hit.metadata.get("heading") or (f"page {hit.metadata['page']}" if hit.metadata.get("page") else None)
    title = f"{hit.document}, {where}" if where else hit.document
    return {"source": source if isinstance(source, str) and source else hit.document, "title": title, "text": hit.text}


def _look_up(fields: Mapping[str, Any], path: str) -> Any:
    value: Any = fields
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
