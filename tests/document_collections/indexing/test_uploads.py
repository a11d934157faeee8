"""Files into a collection: taken, indexed in a process beside, refused with a reason, and nothing lost."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.conf import settings as server
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from document_collections import uploads
from document_collections.indexing import indexer, worker
from document_collections.models import Chunk, Collection, Document
from document_collections.paths import path_of
from tests.document_collections.files import HOSTILE_HTML, encrypted_pdf, pdf
from tests.document_collections.test_api import PATH, refusal, send
from web.process import THIS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("indexed")]

Upload = Callable[[str, bytes], Any]
DONE_WITHIN_S = 30


@pytest.fixture
def upload(client: Client, collection: Collection) -> Upload:
    def send_file(name: str, content: bytes) -> Any:
        return client.post(f"{PATH}/{collection.pk}/documents", {"file": SimpleUploadedFile(name, content)})

    return send_file


@pytest.fixture
def index(client: Client, collection: Collection, upload: Upload) -> Upload:
    """Upload a file and return its document as it is when it has been dealt with."""

    def indexed(name: str, content: bytes) -> Any:
        response = upload(name, content)
        assert response.status_code == 202, response.content
        assert response.json()["status"] == "indexing"
        return settled(client, collection, response.json()["id"])

    return indexed


def settled(client: Client, collection: Collection, id: str) -> Any:
    deadline = time.monotonic() + DONE_WITHIN_S
    while time.monotonic() < deadline:
        listed = client.get(f"{PATH}/{collection.pk}/documents").json()["documents"]
        document = next(each for each in listed if each["id"] == id)
        # The file goes after the row has told the end, so that a process which dies in between leaves no row behind.
        if document["status"] != "indexing" and not path_of(document["id"]).exists():
            return document
        time.sleep(0.02)
    raise AssertionError("the document was not indexed in time")


def found(client: Client, collection: Collection, text: str, **options: Any) -> list[Any]:
    response = send(client, "POST", f"{PATH}/{collection.pk}/search", {"text": text, **options})
    assert response.status_code == 200, response.content
    results: list[Any] = response.json()["results"]
    return results


def test_a_text_is_found_by_its_words(client: Client, collection: Collection, index: Upload) -> None:
    document = index("mill.txt", b"The wheel turns.\n\nClean the filter weekly.")
    assert (document["status"], document["chunks"], document["media_type"]) == ("ready", 1, "text/plain")
    hit = found(client, collection, "filter")[0]
    assert hit["document"] == "mill.txt"
    assert hit["metadata"] == {"source": "mill.txt"}
    assert 0 < hit["score"] <= 1
    told = client.get(f"{PATH}/{collection.pk}").json()
    assert (told["documents"], told["chunks"], told["embedder"]["dimension"]) == (1, 1, 256)
    assert not path_of(document["id"]).exists()


def test_a_pdf_tells_the_page(client: Client, collection: Collection, index: Upload) -> None:
    assert index("mill.pdf", pdf("The wheel turns.", "Clean the filter weekly."))["chunks"] == 2
    assert found(client, collection, "filter", top=1)[0]["metadata"] == {"source": "mill.pdf", "page": 2}


def test_a_markdown_text_tells_the_heading(client: Client, collection: Collection, index: Upload) -> None:
    index("mill.md", b"# Mill\nIntro\n## Care\nClean the filter.\n```\n# no heading\n```\n")
    hit = found(client, collection, "filter", top=1)[0]
    assert hit["metadata"]["heading"] == "Mill > Care"


def test_hostile_html_is_only_text(client: Client, collection: Collection, index: Upload) -> None:
    assert index("page.html", HOSTILE_HTML.encode())["status"] == "ready"
    text = "\n".join(Chunk.objects.order_by("position").values_list("text", flat=True))
    assert "Mill & race" in text
    assert "Water turns the wheel." in text
    assert "Unclosed <script>" in text
    assert text.endswith("The end.")
    for hidden in ("alert", "steal", "display", "hidden", "passwd", "comment", "javascript", "Guide"):
        assert hidden not in text


REFUSED_FILES: dict[str, tuple[str, bytes, str]] = {
    "an encrypted PDF": ("a.pdf", encrypted_pdf("secret"), "encrypted_document"),
    "a cut PDF": ("a.pdf", pdf("The wheel turns.")[:200], "broken_document"),
    "a PDF that is none": ("a.pdf", b"not a PDF", "broken_document"),
    "a PDF without text": ("a.pdf", pdf(""), "no_text"),
    "a picture with a name of a text": ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00", "not_text"),
    "spaces": ("a.txt", b" \n \n", "no_text"),
    "markup alone": ("a.html", b"<script>x</script>", "no_text"),
}


@pytest.mark.parametrize("case", REFUSED_FILES)
def test_a_bad_file_says_why_and_nothing_is_lost(
    client: Client, collection: Collection, index: Upload, case: str
) -> None:
    name, content, code = REFUSED_FILES[case]
    index(name if name.endswith(".txt") else f"{name}.txt", b"What was there before.")
    document = index(name, content)
    assert (document["status"], document["error"]["code"], document["chunks"]) == ("failed", code, 0)
    assert document["error"]["message"].endswith(".")
    assert found(client, collection, "before")[0]["text"] == "What was there before."
    assert Chunk.objects.count() == 1


def test_the_same_name_again_replaces_what_was_there(client: Client, collection: Collection, index: Upload) -> None:
    index("mill.txt", b"The wheel is made of wood.")
    index("mill.txt", b"The wheel is made of iron.")
    assert [hit["text"] for hit in found(client, collection, "wheel")] == ["The wheel is made of iron."]
    assert len(client.get(f"{PATH}/{collection.pk}/documents").json()["documents"]) == 1


def test_a_deleted_document_is_not_found(client: Client, collection: Collection, index: Upload) -> None:
    document = index("mill.txt", b"The wheel turns.")
    assert found(client, collection, "wheel")
    assert client.delete(f"{PATH}/{collection.pk}/documents/{document['id']}").status_code == 204
    assert found(client, collection, "wheel") == []
    assert not Chunk.objects.exists()


def test_a_search_takes_a_filter_and_a_distance(client: Client, collection: Collection, index: Upload) -> None:
    index("a.txt", b"The wheel turns.")
    index("b.txt", b"The wheel stands.")
    hits = found(client, collection, "wheel", filter='source == "b.txt"', distance="euclidean")
    assert [hit["document"] for hit in hits] == ["b.txt"]
    response = send(client, "POST", f"{PATH}/{collection.pk}/search", {"text": "x", "filter": "source = 1"})
    assert refusal(response) == (422, "invalid_filter", "filter")
    assert "column 8" in response.json()["error"]["message"]


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": " "}, {"text": "x", "top": 0}, {"text": "x", "sql": "1"}])
def test_a_search_for_nothing_is_refused(client: Client, collection: Collection, body: dict[str, Any]) -> None:
    assert send(client, "POST", f"{PATH}/{collection.pk}/search", body).status_code in (400, 422)


def test_a_file_above_the_limit_is_refused_while_it_is_read(upload: Upload) -> None:
    response = upload("large.txt", b"x" * (50 * 1024 * 1024))
    assert refusal(response) == (413, "document_too_large", "file")
    assert not Document.objects.exists()
    assert not list(Path(server.MILLRACE_UPLOAD_DIR).glob("*"))


def test_what_is_no_document_is_refused_at_once(client: Client, collection: Collection, upload: Upload) -> None:
    path = f"{PATH}/{collection.pk}/documents"
    assert refusal(upload("run.exe", b"MZ")) == (415, "unsupported_document", "file")
    assert refusal(upload("empty.txt", b""))[1] in ("empty_document", "required")
    assert refusal(client.post(path, {})) == (422, "required", "file")
    assert refusal(client.post(path, {"other": SimpleUploadedFile("a.txt", b"x")}))[1] == "unknown_field"
    both = {"file": SimpleUploadedFile("a.txt", b"x"), "context": "x"}
    assert refusal(client.post(path, both)) == (400, "unknown_field", "context")
    assert refusal(send(client, "POST", path, {"file": "x"})) == (415, "unsupported_media_type", None)
    assert not Document.objects.exists()


def test_a_name_cannot_lead_elsewhere_or_deceive(index: Upload) -> None:
    assert index("../../etc/pass\u202ewd.txt", b"text")["name"] == "passwd.txt"


def test_no_more_files_wait_than_may(collection: Collection, upload: Upload) -> None:
    with patch.object(uploads, "MOST_WAITING", 0):
        assert refusal(upload("a.txt", b"x"))[:2] == (429, "too_many_documents")


def test_a_worker_that_dies_fails_its_document_and_not_the_next(client: Client, index: Upload) -> None:
    with patch.object(worker.Job, "line", lambda self: b"no job\n"):
        document = index("a.txt", b"The wheel turns.")
    assert (document["status"], document["error"]["code"]) == ("failed", "index_failed")
    assert index("b.txt", b"The wheel turns.")["status"] == "ready"


def test_a_stop_ends_the_worker_and_fails_what_it_did(client: Client, collection: Collection, upload: Upload) -> None:
    with patch.object(worker.Job, "line", lambda self: b""):  # a worker that waits for its job for ever
        id = upload("a.txt", b"The wheel turns.").json()["id"]
        deadline = time.monotonic() + DONE_WITHIN_S
        while indexer._indexer._worker is None and time.monotonic() < deadline:
            time.sleep(0.01)
        indexer.stop()
    document = settled(client, collection, id)
    assert (document["status"], document["error"]["code"]) == ("failed", "interrupted")


def test_what_a_former_server_left_is_failed_with_a_hint(collection: Collection) -> None:
    left = Document.objects.create(collection=collection, name="a.txt", worker=uuid4(), done=1, total=9)
    ours = Document.objects.create(collection=collection, name="c.txt")
    leaving = Document.objects.create(collection=collection, name="b.txt", status="leaving")
    Chunk.objects.create(document=left, position=0, text="x", vector=b"")
    assert indexer.recover([THIS]) == 1
    indexer.sweep()
    left.refresh_from_db()
    ours.refresh_from_db()
    assert ours.status == "indexing"
    assert left.status == "failed"
    assert left.error and (left.error["code"], left.error["hint"]) == ("interrupted", "Upload the file again.")
    assert not Chunk.objects.exists()
    assert not Document.objects.filter(pk=leaving.pk).exists()


def test_a_document_that_is_deleted_while_it_waits_leaves_nothing(
    client: Client, collection: Collection, index: Upload
) -> None:
    gone = Document.objects.create(collection=collection, name="gone.txt", uploaded=True)
    client.delete(f"{PATH}/{collection.pk}/documents/{gone.pk}")
    index("b.txt", b"The wheel turns.")
    assert list(Chunk.objects.values_list("document__name", flat=True)) == ["b.txt"]
