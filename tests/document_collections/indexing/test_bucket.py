"""Uploads wait in a bucket of a server that speaks S3: every process reaches them, and nothing stays behind."""

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.test import Client
from pytest_django import Settings

from bench.targets import ROOT, find_free_port
from config.uploads import describe_bucket
from document_collections.indexing import waiting_files
from document_collections.indexing.forgotten_files import remove_forgotten_files
from document_collections.indexing.indexer import indexer
from document_collections.indexing.waiting_files import check_storage, remove_file, store_file
from document_collections.models import Collection, Document
from tests.document_collections.client import PATH, SendFile, find_hits, wait_until_indexed
from tests.json_api import read_refusal
from tests.s3_server import BUCKET, KEY_ID, SECRET_KEY, needs_s3, open_client, run_s3

pytestmark = [needs_s3, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_indexing")]

CONTENT = b"The wheel turns.\n\nClean the filter weekly."
READ_IN_ANOTHER_PROCESS = """
import sys, django
django.setup()
from document_collections.indexing.waiting_files import open_as_path
with open_as_path(sys.argv[1]) as path:
    sys.stdout.write(path.read_text())
"""


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with run_s3() as url:
        yield url


@pytest.fixture
def use_bucket(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let uploads wait in a bucket of the server at this address."""

    def use(url: str, name: str = BUCKET, *, key_id: str = KEY_ID, secret: str = SECRET_KEY) -> None:
        values = {"BUCKET": name, "ENDPOINT": url, "REGION": "us-east-1", "KEY_ID": key_id, "SECRET_KEY": secret}
        for part, value in values.items():
            monkeypatch.setenv(f"MILLRACE_UPLOADS_{part}", value)
        settings.MILLRACE_UPLOADS_BUCKET = name
        settings.STORAGES = {"uploads": describe_bucket(name)}

    return use


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process indexes what is uploaded."""
    monkeypatch.setattr(indexer, "wake", lambda: None)


def list_objects(url: str) -> list[str]:
    return [each["Key"] for each in open_client(url).list_objects_v2(Bucket=BUCKET).get("Contents", ())]


def read_in_another_process(id: str, folder: Path) -> str:
    own = {"MILLRACE_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", READ_IN_ANOTHER_PROCESS, id]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_file_is_indexed_from_the_bucket(
    s3: str, use_bucket: Any, client: Client, collection: Collection, index: SendFile, settings: Settings
) -> None:
    use_bucket(s3)
    kept = set(Path(settings.MILLRACE_UPLOAD_DIR).glob("*"))
    assert index("mill.txt", CONTENT)["status"] == "ready"
    assert find_hits(client, collection, "filter")[0]["document"] == "mill.txt"
    assert list_objects(s3) == []
    assert set(Path(settings.MILLRACE_UPLOAD_DIR).glob("*")) <= kept


@pytest.mark.usefixtures("asleep")
def test_one_process_stores_another_reads_and_a_third_deletes(
    s3: str, use_bucket: Any, client: Client, collection: Collection, upload: SendFile, tmp_path: Path
) -> None:
    use_bucket(s3)
    id = upload("mill.txt", CONTENT).json()["id"]
    assert list_objects(s3) == [id]
    assert read_in_another_process(id, tmp_path) == CONTENT.decode()
    assert client.delete(f"{PATH}/{collection.pk}/documents/{id}").status_code == 204
    assert list_objects(s3) == []


@pytest.mark.usefixtures("asleep")
def test_what_is_gone_from_the_bucket_is_told(
    s3: str, use_bucket: Any, client: Client, collection: Collection, upload: SendFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_bucket(s3)
    id = upload("mill.txt", CONTENT).json()["id"]
    open_client(s3).delete_object(Bucket=BUCKET, Key=id)
    monkeypatch.undo()
    use_bucket(s3)
    indexer.wake()
    document = wait_until_indexed(client, collection, id)
    assert (document["status"], document["error"]["code"]) == ("failed", "interrupted")


def test_a_bucket_that_is_away_refuses_an_upload_and_holds_up_no_deletion(
    use_bucket: Any, client: Client, collection: Collection, upload: SendFile, caplog: pytest.LogCaptureFixture
) -> None:
    use_bucket(f"http://127.0.0.1:{find_free_port()}")
    response = upload("mill.txt", CONTENT)
    assert read_refusal(response)[:2] == (503, "no_upload_storage")
    assert not Document.objects.exists()
    waiting = Document.objects.create(collection=collection, name="old.txt", uploaded=True)
    assert client.delete(f"{PATH}/{collection.pk}/documents/{waiting.pk}").status_code == 204
    assert {"upload_not_stored", "upload_not_removed"} <= {record.message for record in caplog.records}
    assert SECRET_KEY not in str([vars(record) for record in caplog.records])


def test_a_text_that_a_flow_saved_asks_no_bucket_when_it_is_deleted(
    use_bucket: Any, client: Client, collection: Collection, caplog: pytest.LogCaptureFixture
) -> None:
    use_bucket(f"http://127.0.0.1:{find_free_port()}")
    saved = Document.objects.create(collection=collection, name="saved", status="ready")
    indexed = Document.objects.create(collection=collection, name="a.txt", status="ready", uploaded=True)
    for document in (saved, indexed):
        assert client.delete(f"{PATH}/{collection.pk}/documents/{document.pk}").status_code == 204
    assert "upload_not_removed" not in {record.message for record in caplog.records}


def test_what_no_document_waits_for_leaves_the_bucket(
    s3: str, use_bucket: Any, collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_bucket(s3)
    waiting = Document.objects.create(collection=collection, name="a.txt", uploaded=True)
    failed = Document.objects.create(collection=collection, name="b.txt", uploaded=True, status="failed")
    for id in (waiting.pk, failed.pk, uuid4()):
        store_file(id, ContentFile(CONTENT))
    open_client(s3).put_object(Bucket=BUCKET, Key="somebody-elses.txt", Body=b"-")
    asyncio.run(remove_forgotten_files())
    assert len(list_objects(s3)) == 4  # they are young, so their documents may still come
    monkeypatch.setattr(waiting_files, "FORGOTTEN_AFTER", timedelta(0))
    asyncio.run(remove_forgotten_files())
    assert list_objects(s3) == sorted([str(waiting.pk), "somebody-elses.txt"])
    for key in list_objects(s3):
        open_client(s3).delete_object(Bucket=BUCKET, Key=key)


def test_a_bucket_that_is_away_keeps_its_files_until_the_next_look(
    use_bucket: Any, caplog: pytest.LogCaptureFixture
) -> None:
    use_bucket(f"http://127.0.0.1:{find_free_port()}")
    asyncio.run(remove_forgotten_files())
    assert [record.message for record in caplog.records] == ["uploads_not_listed"]


def test_a_start_with_the_right_bucket_leaves_nothing_in_it(s3: str, use_bucket: Any) -> None:
    use_bucket(s3)
    check_storage()
    assert list_objects(s3) == []


def test_a_start_takes_the_temporary_key_of_the_machine(
    s3: str, use_bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("ACCESS_KEY_ID", KEY_ID), ("SECRET_ACCESS_KEY", SECRET_KEY), ("SESSION_TOKEN", "token")):
        monkeypatch.setenv(f"AWS_{name}", value)
    use_bucket(s3, key_id="", secret="")
    check_storage()
    store_file(id := uuid4(), ContentFile(CONTENT))
    assert list_objects(s3) == [str(id)]
    remove_file(id)


@pytest.mark.parametrize("granted", [1, 2], ids=["not written", "written and not read"])
def test_a_start_says_what_is_wrong_without_the_key(use_bucket: Any, granted: int) -> None:
    with run_s3(granted=granted) as strict:
        use_bucket(strict)
        refusal = read_start_refusal()
    assert "'millrace-uploads' for uploads cannot be used: the key" in refusal


def test_a_start_with_a_wrong_bucket_is_refused(use_bucket: Any, s3: str) -> None:
    use_bucket(s3, "another-bucket")
    assert "'another-bucket' for uploads cannot be used: there is no such bucket" in read_start_refusal()


def test_a_bucket_that_is_away_keeps_no_server_from_starting(use_bucket: Any, caplog: pytest.LogCaptureFixture) -> None:
    use_bucket(f"http://127.0.0.1:{find_free_port()}")
    check_storage()
    record = next(record for record in caplog.records if record.message == "uploads_not_checked")
    assert "nothing answers there" in vars(record)["hint"]
    assert SECRET_KEY not in str(vars(record))


def test_a_start_without_a_key_is_refused(s3: str, use_bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    use_bucket(s3, key_id="", secret="")
    assert "it cannot be asked (NoCredentialsError)" in read_start_refusal()


def test_a_deleted_collection_leaves_its_waiting_files_to_the_next_look(
    use_bucket: Any, client: Client, collection: Collection, caplog: pytest.LogCaptureFixture
) -> None:
    use_bucket(f"http://127.0.0.1:{find_free_port()}")
    for number in range(3):
        Document.objects.create(collection=collection, name=f"{number}.txt", uploaded=True)
    assert client.delete(f"{PATH}/{collection.pk}").status_code == 204
    assert not Document.objects.exists()
    assert "upload_not_removed" not in {record.message for record in caplog.records}


def test_the_client_of_the_bucket_logs_no_answer() -> None:
    for name in ("boto3", "botocore.parsers", "s3transfer", "urllib3.connectionpool"):
        assert not logging.getLogger(name).isEnabledFor(logging.INFO)


def read_start_refusal() -> str:
    with pytest.raises(ImproperlyConfigured) as refused:
        check_storage()
    said = str(refused.value)
    assert KEY_ID not in said and SECRET_KEY not in said
    return said
