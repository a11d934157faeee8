"""A collection with an embedder of a connection: files are embedded by it, in the process beside."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from actions.network.policy import NetworkPolicy
from connections import services as connections
from document_collections import services
from document_collections.models import Collection
from tests.actions.vectors.embeddings_server import EmbeddingsServer
from tests.document_collections.client import PATH, SendFile, find_hits
from tests.json_api import read_refusal, send_json
from workspaces.models import Workspace

KEY = "sk-test-of-a-local-server"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_indexing")]


@pytest.fixture
def server(settings: Settings) -> Any:
    with EmbeddingsServer() as running:
        settings.MILLRACE_NETWORK = NetworkPolicy(frozenset({running.host}))
        yield running


@pytest.fixture
def collection(workspace: Workspace, server: EmbeddingsServer) -> Collection:
    address = {"base_url": f"http://{server.host}/v1"}
    row = connections.create(workspace.pk, "Local", "openai", address, {"api_key": KEY})
    return services.create(workspace.pk, "Manuals", "", {"connection": row.pk, "model": "m"})


def test_a_file_is_embedded_through_the_connection(
    client: Client, collection: Collection, server: EmbeddingsServer, index: SendFile
) -> None:
    document = index("a.txt", b"aaa")
    assert (document["status"], document["error"]) == ("ready", None)
    assert find_hits(client, collection, "a")[0]["score"] > 0.9
    assert client.get(f"{PATH}/{collection.pk}").json()["embedder"]["dimension"] == 2
    assert {key for key, _ in server.asked} == {f"Bearer {KEY}"}


def test_a_failure_of_the_api_is_told_at_the_document_and_at_the_search(
    client: Client, collection: Collection, server: EmbeddingsServer, index: SendFile
) -> None:
    index("a.txt", b"aaa")
    server.status = 401
    document = index("b.txt", b"bbb")
    assert (document["status"], document["error"]["code"]) == ("failed", "connection_refused")
    response = send_json(client, "POST", f"{PATH}/{collection.pk}/search", {"text": "a"})
    assert read_refusal(response) == (502, "connection_refused", None)


def test_a_connection_without_a_key_is_told_at_once(
    client: Client, workspace: Workspace, collection: Collection, index: SendFile
) -> None:
    elsewhere = {"base_url": "https://elsewhere.example.com/v1"}
    assert collection.connection
    connections.update(collection.connection, values=elsewhere)
    document = index("a.txt", b"aaa")
    assert (document["status"], document["error"]["code"]) == ("failed", "connection_not_usable")
    assert read_refusal(send_json(client, "POST", f"{PATH}/{collection.pk}/search", {"text": "a"}))[0] == 422
