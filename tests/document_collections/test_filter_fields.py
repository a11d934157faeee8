"""The fields that a filter can use are offered, and one that no document has is told."""

from importlib import import_module
from typing import Any

import numpy as np
import pytest
from django.apps import apps
from django.test import Client

from actions.vectors.embedding import BUILT_IN, LEXICAL, EmbedderIdentity
from actions.vectors.filters import parse_filter
from actions.vectors.store import Piece
from document_collections.filter_fields import MAX_FIELDS, add_fields, merge_fields
from document_collections.models import Collection, Document
from document_collections.saving import save_document
from flows import services as flows
from tests.document_collections.client import PATH
from tests.json_api import send_json

IDENTITY = EmbedderIdentity(BUILT_IN, LEXICAL, 16)


def save(collection: Collection, context: str, *metadata: dict[str, Any]) -> None:
    pieces = [Piece(f"text {at}", each) for at, each in enumerate(metadata)]
    save_document(collection, context, pieces, np.ones((len(pieces), 16), np.float32), IDENTITY)


@pytest.fixture
def filled(collection: Collection) -> Collection:
    save(collection, "a", {"source": "a.pdf", "page": 3}, {"source": "a.pdf", "page": 4, "draft": True})
    save(collection, "b", {"source": "b.pdf"})
    return collection


@pytest.mark.parametrize(
    ("metadata", "fields"),
    [
        ({"a": "x", "b": 1, "c": 1.5, "d": True, "e": None}, {"a": "x", "b": 1, "c": 1.5, "d": True, "e": None}),
        ({"a": {"b": {"c": 1, "d": {"e": 2}}}}, {"a.b.c": 1}),
        ({"list": ["x"], "long": "x" * 100}, {"list": None, "long": None}),
        ({"two words": 1, "1st": 1, "": 1, "a-b": 1, "ok": 1}, {"ok": 1}),
    ],
)
def test_a_field_is_what_a_filter_can_name(metadata: dict[str, Any], fields: dict[str, Any]) -> None:
    assert add_fields({}, [metadata]) == fields


def test_the_fields_of_a_document_are_bounded() -> None:
    many = {f"f{number}": number for number in range(1_000)}
    assert len(add_fields({}, [many])) == MAX_FIELDS


def test_what_most_documents_have_comes_first() -> None:
    assert list(merge_fields([{"b": 1, "a": 1}, {"c": 1}, {"c": 2, "a": 2}])) == ["a", "c", "b"]
    assert merge_fields([{"a": 1}, {"a": 2}]) == {"a": 1}


def test_a_filter_knows_its_fields() -> None:
    source = 'source == "x" and (year >= 2 or not a.b in ["z"]) and not (year != $y or tags contains "q")'
    assert parse_filter(source).fields == {"source", "year", "a.b", "tags"}


@pytest.mark.django_db
def test_the_fields_of_ready_documents_are_listed(client: Client, filled: Collection) -> None:
    Document.objects.create(collection=filled, name="waits", status="indexing", fields={"later": 1})
    assert client.get(f"{PATH}/{filled.pk}/fields").json()["fields"] == [
        {"name": "document", "example": "a"},
        {"name": "source", "example": "a.pdf"},
        {"name": "draft", "example": True},
        {"name": "page", "example": 3},
    ]


@pytest.mark.django_db
def test_an_empty_collection_has_no_fields(client: Client, collection: Collection) -> None:
    assert client.get(f"{PATH}/{collection.pk}/fields").json() == {"fields": []}


@pytest.mark.parametrize(
    ("filter", "unknown"),
    [
        ("", []),
        ("page > 1 and draft != true", []),
        ('document == "a"', []),
        ("year > 2020 or lang == 'de' or page == 1", ["lang", "year"]),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_a_search_tells_the_fields_that_no_document_has(
    client: Client, filled: Collection, filter: str, unknown: list[str]
) -> None:
    answer = send_json(client, "POST", f"{PATH}/{filled.pk}/search", {"text": "text", "filter": filter}).json()
    assert answer["unknown_fields"] == unknown


def list_warnings(client: Client, collection: Collection, **properties: Any) -> list[tuple[str, str]]:
    node = {
        "id": "search",
        "action": "vectors.search_vectors",
        "position": {"x": 0, "y": 0},
        "properties": {"collection": str(collection.pk), "search_text": "x", **properties},
    }
    graph = {"schema": 1, "nodes": [node], "edges": [], "notes": []}
    flow = flows.create_flow(collection.workspace_id, "Ask", graph=graph)
    problems = client.get(f"/api/v1/flows/{flow.pk}").json()["analysis"]["problems"]
    return [(each["message"], each["hint"]) for each in problems if each["code"] == "unknown_filter_field"]


@pytest.mark.django_db
def test_the_editor_warns_of_a_field_that_no_document_has(client: Client, filled: Collection) -> None:
    assert list_warnings(client, filled, filter="pages > 1") == [
        ("No document of 'Manuals' has the field 'pages'.", "Nearest: page."),
    ]
    assert list_warnings(client, filled, filter="zzz == 1") == [
        ("No document of 'Manuals' has the field 'zzz'.", "They have document, source, draft, page."),
    ]


@pytest.mark.parametrize("filter", ["page > 1", "", "page >", {"expression": "x"}])
@pytest.mark.django_db
def test_the_editor_warns_of_no_other_filter(client: Client, filled: Collection, filter: Any) -> None:
    assert list_warnings(client, filled, filter=filter) == []


@pytest.mark.django_db
def test_the_editor_warns_of_nothing_while_there_are_no_documents(client: Client, collection: Collection) -> None:
    Document.objects.create(collection=collection, name="waits", status="indexing")
    assert list_warnings(client, collection, filter="year == 1") == []


@pytest.mark.django_db
def test_documents_from_before_get_their_fields_by_the_migration(filled: Collection) -> None:
    Document.objects.update(fields={})
    import_module("document_collections.migrations.0005_document_fields").note_fields(apps, None)
    fields = dict(Document.objects.values_list("name", "fields"))
    assert fields == {"a": {"source": "a.pdf", "page": 3, "draft": True}, "b": {"source": "b.pdf"}}
