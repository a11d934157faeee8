"""A collection, and what a test needs that uploads files to it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from document_collections import services
from document_collections.indexing.indexer import indexer
from document_collections.models import Collection
from tests.document_collections.client import PATH, SendFile, wait_until_indexed
from web.database import close_pool_connections
from workspaces.models import Workspace


@pytest.fixture
def collection(workspace: Workspace) -> Collection:
    return services.create(workspace.pk, "Manuals", "", None)


@pytest.fixture
def ended_indexing() -> Iterator[None]:
    """For tests that index: the worker and the database threads end before the database is dropped."""
    yield
    indexer.stop()
    close_pool_connections()


@pytest.fixture
def upload(client: Client, collection: Collection) -> SendFile:
    """Upload a file and return the response."""

    def send_file(name: str, content: bytes) -> Any:
        return client.post(f"{PATH}/{collection.pk}/documents", {"file": SimpleUploadedFile(name, content)})

    return send_file


@pytest.fixture
def index(client: Client, collection: Collection, upload: SendFile) -> SendFile:
    """Upload a file and return its document as it is once it is ready or has failed."""

    def index_file(name: str, content: bytes) -> Any:
        response = upload(name, content)
        assert response.status_code == 202, response.content
        assert response.json()["status"] == "indexing"
        return wait_until_indexed(client, collection, response.json()["id"])

    return index_file
