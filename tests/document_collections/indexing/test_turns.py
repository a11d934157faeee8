"""Documents are indexed in turns: a large one lets others go first and loses nothing, and one that is slow says so."""

import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from pytest_django import Settings

from actions.network.policy import NetworkPolicy
from connections import services as connections
from document_collections import saving, services
from document_collections.indexing import turns, worker_process
from document_collections.indexing.indexer import indexer
from document_collections.indexing.job import CHUNKS_PER_FRAME
from document_collections.indexing.turns import IndexingTurns
from document_collections.indexing.waiting_files import store_file
from document_collections.models import Chunk, Collection, Document
from tests.actions.vectors.embeddings_server import EmbeddingsServer
from tests.document_collections.client import DONE_WITHIN_S, PATH, SendFile, has_file
from web.process_id import PROCESS_ID
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_indexing")]

PARAGRAPHS = [f"Paragraph {number}. " + "The wheel turns. " * 50 for number in range(5 * CHUNKS_PER_FRAME)]
LARGE = "\n\n".join(PARAGRAPHS).encode()


@pytest.fixture
def short_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn is over as soon as anything of the document is stored."""
    monkeypatch.setattr(turns, "TURN_S", 0.0)
    monkeypatch.setattr(turns, "READINGS_PER_TURN", 0)


@pytest.fixture
def finished(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the documents, in the order in which they become ready."""
    names: list[str] = []
    finish = saving.finish_document

    def note_name(document: Document) -> None:
        names.append(document.name)
        finish(document)

    monkeypatch.setattr(saving, "finish_document", note_name)
    return names


def add_waiting(collection: Collection, name: str, content: bytes) -> Document:
    """Let a file wait to be indexed, as an upload does, without waking the indexer."""
    document = Document(collection=collection, name=name, size=len(content), uploaded=True)
    store_file(document.pk, ContentFile(content))
    document.save(force_insert=True)
    return document


def wait_for_all() -> None:
    indexer.wake()
    deadline = time.monotonic() + DONE_WITHIN_S
    while Document.objects.filter(status="indexing").exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def read_chunks(document: Document) -> list[tuple[int, str, bytes]]:
    rows = Chunk.objects.filter(document=document).order_by("position")
    return [(row.position, row.text, bytes(row.vector)) for row in rows]


def test_workspaces_and_documents_take_turns(collection: Collection, other_workspace: Workspace) -> None:
    other = services.create(other_workspace.pk, "Other", "", None)
    many = [(collection, f"large {number}.txt") for number in range(4)]
    for each, name in [*many, (other, "a.txt"), (other, "b.txt")]:
        Document.objects.create(collection=each, name=name, uploaded=True, worker=PROCESS_ID)
    taking_turns, order = IndexingTurns(), []
    while turn := taking_turns.begin_next():
        name = turn.document.name
        goes_on = name in ("large 0.txt", "a.txt") and name not in order
        order.append(name)
        if not goes_on:
            turn.document.delete()
        taking_turns.end(turn, is_last=not goes_on)
    first = ["large 0.txt", "a.txt", "large 1.txt", "b.txt", "large 2.txt", "a.txt"]
    assert order == [*first, "large 3.txt", "large 0.txt"]


def test_a_turn_ends_only_when_it_was_long_enough_and_another_document_waits(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(turns, "time", SimpleNamespace(monotonic=lambda: now))
    Document.objects.create(collection=collection, name="a.txt", uploaded=True, worker=PROCESS_ID)
    turn = IndexingTurns().begin_next()
    assert turn
    now += turns.TURN_S
    assert not turn.is_over()
    Document.objects.create(collection=collection, name="b.txt", uploaded=True, worker=PROCESS_ID)
    assert turn.is_over()
    turn.note_reading()  # which took all this time
    assert not turn.is_over()
    now += turns.TURN_S
    assert turn.is_over()


@pytest.mark.usefixtures("short_turns")
def test_a_large_document_lets_others_go_first_and_loses_nothing(
    collection: Collection, other_workspace: Workspace, finished: list[str]
) -> None:
    large = add_waiting(collection, "large.txt", LARGE)
    add_waiting(collection, "small.txt", b"Clean the filter.")
    add_waiting(services.create(other_workspace.pk, "Other", "", None), "elsewhere.txt", b"Clean the wheel.")
    wait_for_all()
    assert finished == ["elsewhere.txt", "small.txt", "large.txt"]
    in_turns = read_chunks(large)
    alone = add_waiting(services.create(collection.workspace_id, "Alone", "", None), "large.txt", LARGE)
    wait_for_all()
    assert len(in_turns) > 3 * CHUNKS_PER_FRAME
    assert in_turns == read_chunks(alone)
    large.refresh_from_db()
    assert (large.status, large.done, large.total) == ("ready", len(in_turns), len(in_turns))
    assert not has_file(large.pk)


@pytest.mark.parametrize(
    ("module", "limit", "sentence"),
    [
        (worker_process, "MAX_READING_S", "The file takes longer than 0 seconds to read."),
        (turns, "MAX_DOCUMENT_S", "The file takes longer than 30 minutes to index."),
    ],
)
def test_a_document_that_takes_too_long_says_why(
    index: SendFile, monkeypatch: pytest.MonkeyPatch, module: Any, limit: str, sentence: str
) -> None:
    monkeypatch.setattr(module, limit, 0.0)
    document = index("a.txt", b"The wheel turns.")
    error = {"code": "document_too_slow", "message": sentence, "hint": "Split it into several files."}
    assert (document["status"], document["error"], document["chunks"]) == ("failed", error, 0)
    monkeypatch.undo()
    assert index("a.txt", b"The wheel turns.")["status"] == "ready"


def test_an_embedder_that_does_not_answer_is_told(
    client: Client, workspace: Workspace, collection: Collection, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    with EmbeddingsServer() as server:
        settings.MILLRACE_NETWORK = NetworkPolicy(frozenset({server.host}))
        address = {"base_url": f"http://{server.host}/v1"}
        connection = connections.create(workspace.pk, "Local", "openai", address, {"api_key": "sk-slow"})
        embedder = {"connection": connection.pk, "model": "m"}
        slow = services.create(workspace.pk, "Slow", "", embedder)
        monkeypatch.setattr(worker_process, "MAX_EMBEDDING_S", 0.2)
        with server.hold_answers():
            document = add_waiting(slow, "a.txt", b"The wheel turns.")
            wait_for_all()
    shown = client.get(f"{PATH}/{slow.pk}/documents").json()["documents"][0]
    assert shown["id"] == str(document.pk)
    assert (shown["status"], shown["error"]["code"]) == ("failed", "document_too_slow")
    assert shown["error"]["message"] == "The embedder takes longer than 0.2 seconds for 64 chunks."
