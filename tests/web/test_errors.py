"""Refusals have one shape, and a fault of the server reveals nothing."""

import gzip
import json
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client, RequestFactory

from flows.models import Flow
from web.pages import show_server_error
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db
CANARY = "sk-ant-canary-7Qm3vX9cJ2"


@pytest.fixture
def broken() -> Iterator[None]:
    """A server that fails while it holds a key."""

    def fail(*_: Any) -> None:
        api_key = CANARY
        raise RuntimeError(f"cannot use {api_key}")

    with patch("flows.api.flow_views.list_flow_rows", fail):
        yield


@pytest.mark.usefixtures("broken")
def test_a_fault_of_the_server_shows_neither_its_place_nor_its_values(client: Client) -> None:
    client.raise_request_exception = False
    response = client.get("/api/v1/flows", headers={"Accept": "application/json"})
    assert response.status_code == 500
    assert "fail(" not in response.content.decode()
    assert CANARY not in response.content.decode()
    assert response.json()["error"]["code"] == "server_error"


def test_every_refusal_has_one_shape_and_its_own_id(client: Client) -> None:
    responses = [client.get("/api/v1/flows/7"), client.get("/api/v1/nothing"), Client().get("/api/v1/flows")]
    for response in responses:
        error = response.json()["error"]
        assert set(error) - {"hint"} == {"code", "message", "request_id"}
        assert error["request_id"] == response.headers["X-Request-ID"]
    assert len({response.headers["X-Request-ID"] for response in responses}) == 3


def test_the_id_of_a_request_is_not_the_clients(client: Client) -> None:
    assert client.get("/api/v1/flows", headers={"X-Request-ID": "forged"}).headers["X-Request-ID"] != "forged"


REFUSED_BODIES: dict[str, tuple[str, bytes, int, str]] = {
    "a form": ("application/x-www-form-urlencoded", b"name=x", 415, "unsupported_media_type"),
    "a file": ("multipart/form-data; boundary=x", b"--x--", 415, "unsupported_media_type"),
    "a text": ("text/plain", b'{"name": "x"}', 415, "unsupported_media_type"),
    "XML": ("application/xml", b"<name/>", 415, "unsupported_media_type"),
    "another charset": ("application/json; charset=latin-1", b'{"name": "x"}', 415, "unsupported_media_type"),
    "no type": ("", b'{"name": "x"}', 415, "unsupported_media_type"),
    "JSON lines": ("application/x-ndjson", b'{"name": "x"}', 415, "unsupported_media_type"),
    "no JSON": ("application/json", b"{", 400, "invalid_json"),
    "a list": ("application/json", b"[]", 400, "invalid_json"),
    "too deep": ("application/json", b"[" * 100_000, 400, "too_deep"),
    "too large": ("application/json", b'{"name": "' + b"x" * 6_000_000 + b'"}', 413, "body_too_large"),
    "a key twice": ("application/json", b'{"name": "a", "name": "b"}', 400, "duplicate_key"),
    "an owner": ("application/json", b'{"name": "a", "workspace": 1}', 400, "unknown_field"),
    "an id": ("application/json", b'{"name": "a", "id": 1}', 400, "unknown_field"),
    "nothing": ("application/json", b"", 422, "required"),
    "a number for a name": ("application/json", b'{"name": 5}', 422, "invalid"),
    "null for a name": ("application/json", b'{"name": null}', 422, "null"),
}


@pytest.mark.parametrize(("content_type", "body", "status", "code"), REFUSED_BODIES.values(), ids=REFUSED_BODIES)
def test_a_body_that_cannot_be_taken_changes_nothing(
    client: Client, content_type: str, body: bytes, status: int, code: str
) -> None:
    response = client.post("/api/v1/flows", body, content_type=content_type)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert not Flow.objects.exists()


TAKEN_TYPES = [
    "application/json",
    "application/json; charset=utf-8",
    'application/json; charset="UTF-8"',
    "Application/JSON",
    "application/ld+json",
    "application/vnd.acme.v2+json; charset=utf-8",
    "application/merge-patch+json",
]


@pytest.mark.parametrize("content_type", TAKEN_TYPES)
@pytest.mark.parametrize("body", [b'{"name": "x"}', b'\xef\xbb\xbf{"name": "x", "description": null, "graph": null}'])
def test_json_is_taken_under_each_of_its_names(client: Client, content_type: str, body: bytes) -> None:
    response = client.post("/api/v1/flows", body, content_type=content_type)
    assert (response.status_code, response.json()["description"]) == (201, "")


ENCODINGS = ["gzip", "br", "deflate", "zstd", "identity, gzip", "x"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_compressed_body_is_refused_with_what_is_taken(client: Client, encoding: str) -> None:
    headers = {"Content-Encoding": encoding}
    body = gzip.compress(b'{"name": "x"}')
    response = client.post("/api/v1/flows", body, content_type="application/json", headers=headers)
    assert (response.status_code, response.json()["error"]["code"]) == (415, "unsupported_encoding")
    assert response.headers["Accept-Encoding"] == "identity"


def test_a_body_that_says_that_it_is_not_compressed_is_taken(client: Client) -> None:
    headers = {"Content-Encoding": "Identity"}
    body = {"name": "x"}
    assert client.post("/api/v1/flows", body, content_type="application/json", headers=headers).status_code == 201


QUERIES = ["owner__password__startswith=a", "workspace=1", "limit=-1", "limit=abc", "limit=1&limit=2", "flow=%00"]


@pytest.mark.parametrize("query", QUERIES)
def test_a_parameter_that_is_not_known_is_refused(client: Client, query: str) -> None:
    assert client.get(f"/api/v1/runs?{query}").status_code == 400


def test_a_limit_beyond_the_largest_is_the_largest(client: Client) -> None:
    assert client.get("/api/v1/runs?limit=1000000000").status_code == 200


@pytest.mark.parametrize("path", ["flows/1", "flows/' OR 1=1", "flows/9223372036854775808", "flows/%00", "flows/../me"])
def test_what_is_no_id_finds_nothing(client: Client, path: str) -> None:
    assert client.get(f"/api/v1/{path}").status_code == 404


def test_names_are_data_wherever_they_come_up(client: Client, workspace: Workspace) -> None:
    name = "'; DROP TABLE flows_flow; -- <script>alert(1)</script> {{ 7*7 }} 😀"
    made = client.post("/api/v1/flows", json.dumps({"name": name}), content_type="application/json").json()
    assert made["name"] == client.get(f"/api/v1/flows/{made['id']}").json()["name"] == name


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Host": "127.0.0.1@evil.example"}, {"Host": "a b"}])
def test_another_host_is_refused_everywhere(headers: dict[str, str]) -> None:
    for path in ("/", "/api/v1/me", "/admin/login/"):
        assert Client().get(path, headers=headers).status_code == 400


def test_a_host_that_a_proxy_claims_does_not_count() -> None:
    response = Client().get("/admin/", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in response.headers["Location"]


def test_the_fault_page_of_a_browser_is_plain(rf: RequestFactory) -> None:
    page = show_server_error(rf.get("/somewhere", headers={"Accept": "text/html"}))
    shown = page.content.decode()
    assert "<h1>The server could not finish this request.</h1>" in shown
    assert "log holds the reason, under the id of the request." in shown
