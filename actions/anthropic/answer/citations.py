"""The sources that an answer names, in one shape for every kind of source. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any


def describe_citation(citation: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told of a source: a page has a url, a search result a source, a document a title."""
    told = {
        "url": citation.get("url"),
        "source": citation.get("source"),
        "title": citation.get("title") or citation.get("document_title"),
        "cited_text": citation.get("cited_text"),
    }
    return {name: value if isinstance(value, str) else None for name, value in told.items()}


def collect_citations(content: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the sources within the blocks of an answer, each once, in the order in which they are named."""
    sources: dict[tuple[Any, ...], dict[str, Any]] = {}
    for block in content:
        for citation in block.get("citations") or []:
            source = describe_citation(citation)
            sources.setdefault(tuple(source.values()), source)
    return list(sources.values())
