"""Calls the API of collections: searches, and waits until a document is indexed."""

import time
from collections.abc import Callable
from typing import Any

from django.core.files.storage import storages
from django.test import Client

from document_collections.models import Collection
from tests.json_api import send_json

PATH = "/api/v1/collections"
DONE_WITHIN_S = 120
"""The worker gives way to other processes, so that a busy host takes long; an hour would say no more."""
SendFile = Callable[[str, bytes], Any]
"""Takes the name and the content of a file."""


def has_file(document_id: object) -> bool:
    """Return whether the document's file is where files wait to be indexed."""
    return storages["uploads"].exists(str(document_id))


def wait_until_indexed(client: Client, collection: Collection, id: str) -> Any:
    """Return the document once it is ready or has failed."""
    deadline = time.monotonic() + DONE_WITHIN_S
    while time.monotonic() < deadline:
        documents = client.get(f"{PATH}/{collection.pk}/documents").json()["documents"]
        document = next(each for each in documents if each["id"] == id)
        # The file is removed after the row has changed, so that a process which dies in between leaves no row behind.
        if document["status"] != "indexing" and not has_file(document["id"]):
            return document
        time.sleep(0.02)
    raise AssertionError("the document was not indexed in time")


def find_hits(client: Client, collection: Collection, text: str, **options: Any) -> list[Any]:
    response = send_json(client, "POST", f"{PATH}/{collection.pk}/search", {"text": text, **options})
    assert response.status_code == 200, response.content
    results: list[Any] = response.json()["results"]
    return results
