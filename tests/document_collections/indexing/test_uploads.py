"""Files are uploaded into a collection, indexed in a process of its own, or refused with a reason; nothing is lost."""

import asyncio
import os
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.conf import settings as server
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from document_collections.indexing import uploads
from document_collections.indexing.failures import fail_abandoned_documents, finish_deletions
from document_collections.indexing.forgotten_files import remove_forgotten_files
from document_collections.indexing.indexer import indexer
from document_collections.indexing.job import Job
from document_collections.indexing.waiting_files import remove_file, store_file
from document_collections.models import Chunk, Collection, Document
from tests.document_collections.client import DONE_WITHIN_S, PATH, SendFile, find_hits, has_file, wait_until_indexed
from tests.document_collections.extraction.pdfs import build_pages, write
from tests.document_collections.files import HOSTILE_HTML, build_encrypted_pdf, build_pdf
from tests.json_api import read_refusal, send_json
from web.process_id import PROCESS_ID

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_indexing")]


def test_a_text_is_found_by_its_words(client: Client, collection: Collection, index: SendFile) -> None:
    document = index("mill.txt", b"The wheel turns.\n\nClean the filter weekly.")
    assert (document["status"], document["chunks"], document["media_type"]) == ("ready", 1, "text/plain")
    hit = find_hits(client, collection, "filter")[0]
    assert hit["document"] == "mill.txt"
    assert hit["metadata"] == {"source": "mill.txt"}
    assert 0 < hit["score"] <= 1
    shown = client.get(f"{PATH}/{collection.pk}").json()
    assert (shown["documents"], shown["chunks"], shown["embedder"]["dimension"]) == (1, 1, 256)
    assert not has_file(document["id"])


def test_a_pdf_tells_the_page(client: Client, collection: Collection, index: SendFile) -> None:
    assert index("mill.pdf", build_pdf("The wheel turns.", "Clean the filter weekly."))["chunks"] == 2
    assert find_hits(client, collection, "filter", top=1)[0]["metadata"] == {"source": "mill.pdf", "page": 2}


def test_a_markdown_text_tells_the_heading(client: Client, collection: Collection, index: SendFile) -> None:
    index("mill.md", b"# Mill\nIntro\n## Care\nClean the filter.\n```\n# no heading\n```\n")
    hit = find_hits(client, collection, "filter", top=1)[0]
    assert hit["metadata"]["heading"] == "Mill > Care"


def test_hostile_html_is_only_text(client: Client, collection: Collection, index: SendFile) -> None:
    assert index("page.html", HOSTILE_HTML.encode())["status"] == "ready"
    text = "\n".join(Chunk.objects.order_by("position").values_list("text", flat=True))
    assert "Mill & race" in text
    assert "Water turns the wheel." in text
    assert "Unclosed <script>" in text
    assert text.endswith("The end.")
    for hidden in ("alert", "steal", "display", "hidden", "passwd", "comment", "javascript", "Guide"):
        assert hidden not in text


def test_a_text_in_another_encoding_is_found_and_the_guess_is_told(
    client: Client, collection: Collection, index: SendFile
) -> None:
    document = index("mill.txt", "水車は川の流れで回ります。フィルターは毎週掃除してください。".encode("shift_jis"))
    assert document["status"] == "ready"
    assert [warning["code"] for warning in document["warnings"]] == ["encoding_guessed"]
    hit = find_hits(client, collection, "フィルター 掃除")[0]
    assert hit["matches"] == ["フィルター", "掃除"]
    assert find_hits(client, collection, "飛行機") == []


def test_a_page_in_a_declared_encoding_keeps_its_table(client: Client, collection: Collection, index: SendFile) -> None:
    rows = "".join(f"<tr><td>Колесо {number}<td>{number} рублей</tr>" for number in range(60))
    page = f"<meta charset=windows-1251><table><tr><th>Деталь<th>Цена</tr>{rows}</table><p hidden>тайна</p>"
    document = index("prices.html", page.encode("cp1251"))
    assert (document["status"], document["warnings"], document["chunks"] > 1) == ("ready", [], True)
    texts = list(Chunk.objects.values_list("text", flat=True))
    assert all(text.startswith("| Деталь | Цена |\n| --- | --- |\n| Колесо") for text in texts)
    assert find_hits(client, collection, "тайна") == []


def test_a_pdf_tells_what_cannot_be_seen_and_what_has_no_text(
    client: Client, collection: Collection, index: SendFile
) -> None:
    document = index("mill.pdf", build_pages(write("The wheel turns."), "", write("A hidden order.", style="1 g")))
    assert document["status"] == "ready"
    assert [warning["code"] for warning in document["warnings"]] == ["pages_without_text", "invisible_text"]
    found = find_hits(client, collection, "order")[0]["metadata"]
    assert found == {"source": "mill.pdf", "page": 3, "invisible": True}
    assert find_hits(client, collection, "order", filter="invisible != true") == []
    assert find_hits(client, collection, "wheel", filter="invisible != true")


REFUSED_FILES: dict[str, tuple[str, bytes, str]] = {
    "an encrypted PDF": ("a.pdf", build_encrypted_pdf("secret"), "encrypted_document"),
    "a cut PDF": ("a.pdf", build_pdf("The wheel turns.")[:200], "broken_document"),
    "a PDF that is none": ("a.pdf", b"not a PDF", "broken_document"),
    "a PDF without text": ("a.pdf", build_pdf(""), "no_text"),
    "a picture with a name of a text": ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00", "not_text"),
    "letters of an unknown encoding": ("a.txt", "Değirm".encode("cp1254"), "encoding_unknown"),
    "spaces": ("a.txt", b" \n \n", "no_text"),
    "markup alone": ("a.html", b"<script>x</script>", "no_text"),
}


@pytest.mark.parametrize("case", REFUSED_FILES)
def test_a_bad_file_says_why_and_nothing_is_lost(
    client: Client, collection: Collection, index: SendFile, case: str
) -> None:
    name, content, code = REFUSED_FILES[case]
    index(name if name.endswith(".txt") else f"{name}.txt", b"What was there before.")
    document = index(name, content)
    assert (document["status"], document["error"]["code"], document["chunks"]) == ("failed", code, 0)
    assert document["error"]["message"].endswith(".")
    assert find_hits(client, collection, "before")[0]["text"] == "What was there before."
    assert Chunk.objects.count() == 1


def test_the_same_name_again_replaces_what_was_there(client: Client, collection: Collection, index: SendFile) -> None:
    index("mill.txt", b"The wheel is made of wood.")
    index("mill.txt", b"The wheel is made of iron.")
    assert [hit["text"] for hit in find_hits(client, collection, "wheel")] == ["The wheel is made of iron."]
    assert len(client.get(f"{PATH}/{collection.pk}/documents").json()["documents"]) == 1


def test_a_deleted_document_is_not_found(client: Client, collection: Collection, index: SendFile) -> None:
    document = index("mill.txt", b"The wheel turns.")
    assert find_hits(client, collection, "wheel")
    assert client.delete(f"{PATH}/{collection.pk}/documents/{document['id']}").status_code == 204
    assert find_hits(client, collection, "wheel") == []
    assert not Chunk.objects.exists()


def test_a_search_takes_a_filter_and_a_distance(client: Client, collection: Collection, index: SendFile) -> None:
    index("a.txt", b"The wheel turns.")
    index("b.txt", b"The wheel stands.")
    hits = find_hits(client, collection, "wheel", filter='source == "b.txt"', distance="euclidean")
    assert [hit["document"] for hit in hits] == ["b.txt"]
    response = send_json(client, "POST", f"{PATH}/{collection.pk}/search", {"text": "x", "filter": "source = 1"})
    assert read_refusal(response) == (422, "invalid_filter", "filter")
    assert "column 8" in response.json()["error"]["message"]


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": " "}, {"text": "x", "top": 0}, {"text": "x", "sql": "1"}])
def test_a_search_for_nothing_is_refused(client: Client, collection: Collection, body: dict[str, Any]) -> None:
    assert send_json(client, "POST", f"{PATH}/{collection.pk}/search", body).status_code in (400, 422)


def test_a_file_above_the_limit_is_refused_while_it_is_read(upload: SendFile) -> None:
    kept = set(Path(server.MILLRACE_UPLOAD_DIR).glob("*"))
    response = upload("large.txt", b"x" * (50 * 1024 * 1024))
    assert read_refusal(response) == (413, "document_too_large", "file")
    assert not Document.objects.exists()
    assert set(Path(server.MILLRACE_UPLOAD_DIR).glob("*")) <= kept


def test_what_is_no_document_is_refused_at_once(client: Client, collection: Collection, upload: SendFile) -> None:
    path = f"{PATH}/{collection.pk}/documents"
    assert read_refusal(upload("run.exe", b"MZ")) == (415, "unsupported_document", "file")
    assert read_refusal(upload("empty.txt", b""))[1] in ("empty_document", "required")
    assert read_refusal(client.post(path, {})) == (422, "required", "file")
    assert read_refusal(client.post(path, {"other": SimpleUploadedFile("a.txt", b"x")}))[1] == "unknown_field"
    both = {"file": SimpleUploadedFile("a.txt", b"x"), "context": "x"}
    assert read_refusal(client.post(path, both)) == (400, "unknown_field", "context")
    assert read_refusal(send_json(client, "POST", path, {"file": "x"})) == (415, "unsupported_media_type", None)
    assert not Document.objects.exists()


def test_a_name_cannot_lead_elsewhere_or_deceive(index: SendFile) -> None:
    assert index("../../etc/pass\u202ewd.txt", b"text")["name"] == "passwd.txt"


def test_no_more_files_wait_than_may(collection: Collection, upload: SendFile) -> None:
    waiting = [Document(collection=collection, name="waiting.txt") for _ in range(uploads.MAX_WAITING_DOCUMENTS)]
    Document.objects.bulk_create(waiting)
    refused = upload("a.txt", b"x")
    assert read_refusal(refused)[:2] == (429, "too_many_documents")
    assert refused["Retry-After"] == "30"


def test_a_worker_that_dies_fails_its_document_and_not_the_next(client: Client, index: SendFile) -> None:
    with patch.object(Job, "encode", lambda self: b"no job\n"):
        document = index("a.txt", b"The wheel turns.")
    assert (document["status"], document["error"]["code"]) == ("failed", "index_failed")
    assert index("b.txt", b"The wheel turns.")["status"] == "ready"


def test_a_stop_ends_the_worker_and_fails_what_it_did(client: Client, collection: Collection, upload: SendFile) -> None:
    with patch.object(Job, "encode", lambda self: b""):  # a worker that waits for its job for ever
        id = upload("a.txt", b"The wheel turns.").json()["id"]
        deadline = time.monotonic() + DONE_WITHIN_S
        while not indexer.is_working and time.monotonic() < deadline:
            time.sleep(0.01)
        indexer.stop()
    document = wait_until_indexed(client, collection, id)
    assert (document["status"], document["error"]["code"]) == ("failed", "interrupted")


def test_what_a_former_server_left_is_failed_with_a_hint(collection: Collection) -> None:
    left = Document.objects.create(collection=collection, name="a.txt", worker=uuid4(), done=1, total=9)
    ours = Document.objects.create(collection=collection, name="c.txt")
    leaving = Document.objects.create(collection=collection, name="b.txt", status="leaving")
    Chunk.objects.create(document=left, position=0, text="x", vector=b"")
    assert fail_abandoned_documents([PROCESS_ID]) == 1
    finish_deletions()
    left.refresh_from_db()
    ours.refresh_from_db()
    assert ours.status == "indexing"
    assert left.status == "failed"
    assert left.error and (left.error["code"], left.error["hint"]) == ("interrupted", "Upload the file again.")
    assert not Chunk.objects.exists()
    assert not Document.objects.filter(pk=leaving.pk).exists()


def test_a_file_that_no_document_waits_for_is_removed_after_an_hour(collection: Collection) -> None:
    waiting = Document.objects.create(collection=collection, name="a.txt", uploaded=True)
    lost, young = uuid4(), uuid4()
    for id in (waiting.pk, lost, young):
        store_file(id, ContentFile(b"The wheel turns."))
    for id in (waiting.pk, lost):
        os.utime(Path(server.MILLRACE_UPLOAD_DIR) / str(id), (time.time() - 3_700,) * 2)
    asyncio.run(remove_forgotten_files())
    assert [has_file(id) for id in (waiting.pk, lost, young)] == [True, False, True]
    remove_file(waiting.pk)
    remove_file(young)


def test_a_document_that_is_deleted_while_it_waits_leaves_nothing(
    client: Client, collection: Collection, index: SendFile
) -> None:
    gone = Document.objects.create(collection=collection, name="gone.txt", uploaded=True)
    client.delete(f"{PATH}/{collection.pk}/documents/{gone.pk}")
    index("b.txt", b"The wheel turns.")
    assert list(Chunk.objects.values_list("document__name", flat=True)) == ["b.txt"]
