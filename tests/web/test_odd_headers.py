"""Odd headers, cookies, paths and queries, without a key: each is answered, and none is a fault of the server."""

import asyncio
import json
from itertools import product
from pathlib import Path
from typing import Any, cast

import pytest
from django.test import Client
from pytest_django import Settings

from document_collections import services as collections
from server.bodies.body_limit import BodyLimit
from server.static_files import StaticFiles
from web.database import close_pool_connections
from web.middleware.asgi import App, AtRoot, Message
from web.middleware.django_handler import DjangoHandler
from web.middleware.session_store import SessionStore
from workspaces import keys
from workspaces.access import authenticate_scope
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)

RUN_EVENTS = "/api/v1/runs/8b1f1d53-5c1f-4a3e-9d4a-0b7f9d1c2e3a/events"
UNREADABLE = {
    "a charset that nobody knows": b"charset*=bogus''utf-8",
    "a charset of a parameter that nobody knows": b"x*=nope''y",
    "U+0000 in a charset": b"charset*=utf-8''%00",
    "U+0000 in the name of a charset": b"x*=%00''y",
    "a charset that decodes no text": b"x*=undefined''%ff",
    "parts of a parameter with and without a number": b"x*=a; x*0=b",
    "a number of 5,000 digits": b"x*" + b"9" * 5_000 + b"=y",
}
"""By what is odd: parameters of a media type that Django's reader of them does not read."""
PLACES = [
    *(("GET", "/healthz"), ("GET", "/api/v1/me"), ("GET", RUN_EVENTS), ("POST", "/api/v1/flows/x/run")),
    *(("GET", "/v1/models"), ("POST", "/v1/chat/completions"), ("POST", "/mcp"), ("GET", "/api/v1/chat-pages/x")),
    *(("GET", "/sign-in"), ("GET", "/chat/x"), ("GET", "/nothing"), ("GET", "/static/admin/css/base.css")),
    *(("GET", "/admin/login/"), ("POST", "/admin/login/")),
]
NAMES = [
    *("accept", "accept-language", "access-control-request-headers", "anthropic-version", "authorization"),
    *("content-encoding", "content-type", "cookie", "idempotency-key", "if-modified-since", "if-none-match"),
    *("last-event-id", "mcp-protocol-version", "mcp-session-id", "origin", "range", "referer", "traceparent"),
    *("user-agent", "x-api-key", "x-chat-visitor", "x-csrftoken", "x-forwarded-for", "x-forwarded-host"),
    *("x-forwarded-proto", "x-request-id", "x-session-id"),
]
VALUES = [
    *(b"text/plain; " + parameter for parameter in UNREADABLE.values()),
    *(b"", b"\xff", b"\xed\xa0\x80", b'"', b";", b",", b"http://[", b"-1", b"1e400", b"9" * 5_000, b"bytes=9-1"),
    *(b'sessionid="\\000abcdefgh"', b'csrftoken="\\000"', b'messages="\\000"', b'millrace_visitor="\\000:\\377"'),
    *(b"Mon, 99 Jan 99999 99:99:99 GMT", b"W/", b"Bearer ", b"Bearer \xff", b"application/json;q=nan", b"*"),
]


@pytest.fixture
def app(settings: Settings, tmp_path: Path) -> Any:
    settings.ALLOWED_HOSTS, settings.MILLRACE_FRONTEND_DIR = ["127.0.0.1"], tmp_path
    for name in ("index.html", "chat.html"):
        (tmp_path / name).write_text("<!doctype html>")
    yield AtRoot(BodyLimit(StaticFiles(cast(App, DjangoHandler()))))
    close_pool_connections()


@pytest.fixture
def key(workspace: Workspace) -> str:
    policies, environments = ["execute", "configure"], ["development"]
    return keys.issue_key(workspace, None, name="client", policies=policies, environments=environments)[1]


async def ask(
    app: App, path: str, *headers: tuple[bytes, bytes], method: str = "GET", body: bytes = b"{}", query: bytes = b""
) -> tuple[int, bytes]:
    """Return the status and the body of the answer of a client that stays until it has come."""
    messages, sent = [{"type": "http.request", "body": body}], []

    async def receive() -> Message:
        return messages.pop() if messages else await asyncio.Future()

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "query_string": query,
        "headers": [(b"host", b"127.0.0.1"), (b"content-length", str(len(body)).encode()), *headers],
    }
    await app(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


@pytest.mark.parametrize("name", NAMES)
async def test_no_header_is_a_fault_of_the_server(app: App, name: str) -> None:
    for (method, path), value in product(PLACES, VALUES):
        status, _ = await ask(app, path, (name.encode(), value), method=method)
        assert status < 500, (method, path, value)


@pytest.mark.parametrize("charset", ["hex", "zlib", "idna", "utf-16", "nope"])
@pytest.mark.parametrize("path", ["/api/v1/runs?limit=1", "/admin/login/?next=/"])
def test_the_charset_of_a_body_does_not_decode_the_query(client: Client, path: str, charset: str) -> None:
    """All texts of a request are UTF-8."""
    answer = client.generic("GET", path, content_type=f"text/plain; charset={charset}")
    assert answer.status_code == 200


@pytest.mark.parametrize("parameter", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("path", ["/api/v1/flows", "/v1/chat/completions"])
async def test_a_body_of_a_type_that_nobody_can_read_is_refused_as_one_of_no_type(
    app: App, key: str, path: str, parameter: bytes
) -> None:
    headers = [("authorization", f"Bearer {key}".encode()), ("content-type", b"application/json; " + parameter)]
    status, body = await ask(app, path, *((name.encode(), value) for name, value in headers), method="POST")
    assert (status, json.loads(body)["error"]["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("parameter", UNREADABLE.values(), ids=UNREADABLE)
async def test_a_range_of_accept_that_nobody_can_read_is_left_out(app: App, parameter: bytes) -> None:
    odd = b"text/event-stream; " + parameter
    status, body = await ask(app, RUN_EVENTS, (b"accept", odd + b", image/png"))
    assert (status, json.loads(body)["error"]["code"]) == (406, "not_acceptable")
    assert (await ask(app, RUN_EVENTS, (b"accept", odd + b", text/plain")))[0] == 401
    page = await ask(app, "/nothing", (b"accept", b"text/html; " + parameter + b", text/html"))
    assert (page[0], page[1][:9]) == (404, b"<!doctype")


async def test_an_accept_of_which_nothing_can_be_read_takes_anything(app: App) -> None:
    assert (await ask(app, RUN_EVENTS, (b"accept", b"text/event-stream; charset*=bogus''utf-8")))[0] == 401


FORM_TYPE = "multipart/form-data; boundary=limit"
ODD_PART = b"--limit\r\nContent-Disposition: form-data; x*=a; x*0=b\r\n\r\n1\r\n--limit--\r\n"


async def test_a_part_of_a_form_that_nobody_can_read_is_refused(app: App) -> None:
    headers = [("content-type", FORM_TYPE), ("cookie", f"csrftoken={'a' * 32}"), ("origin", "http://127.0.0.1")]
    encoded = [(name.encode(), value.encode()) for name, value in headers]
    assert (await ask(app, "/admin/login/", *encoded, method="POST", body=ODD_PART))[0] == 400


def test_a_part_of_an_upload_that_nobody_can_read_is_refused(client: Client, workspace: Workspace) -> None:
    collection = collections.create(workspace.pk, "Handbook", "", None)
    path = f"/api/v1/collections/{collection.pk}/documents"
    answer = client.generic("POST", path, ODD_PART, content_type=FORM_TYPE)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "parse_error")


@pytest.mark.parametrize("query", [b"limit=1&a=\xff", b"\xff=1", b"a=%FF", b"a=%00", b"a=\x00", b"%00=1"])
async def test_the_bytes_of_a_query_are_no_fault_of_the_server(app: App, query: bytes) -> None:
    for method, path in PLACES:
        assert (await ask(app, path, method=method, query=query))[0] < 500, path


@pytest.mark.parametrize(
    ("path", "name"),
    [("/api/v1/runs", "session_id"), ("/api/v1/runs", "none"), ("/v1/models", "after_id"), ("/admin/login/", "next")],
)
def test_a_parameter_with_nul_is_refused(client: Client, path: str, name: str) -> None:
    answer = client.get(f"{path}?{name}=a%00b", headers={"Accept": "application/json"})
    assert (answer.status_code, f"The parameter {name} holds U+0000." in answer.content.decode()) == (400, True)


@pytest.mark.parametrize(
    "path",
    [
        *("/api/v1/flows/{flow}/ui/a%00b/stream", "/api/v1/flows/a%00b", "/v1/models/a%00b", "/chat/a%00b"),
        *("/api/v1/runs/{flow}/nodes/a%00b", "/api/v1/chat-pages/a%00b", "/admin/a%00b/", "/a%00b", "/docs/a%00b"),
    ],
)
def test_a_path_with_nul_is_the_address_of_nothing(client: Client, path: str) -> None:
    assert client.get(path.format(flow="8b1f1d53-5c1f-4a3e-9d4a-0b7f9d1c2e3a")).status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/me", "/admin/login/", "/sign-in"])
@pytest.mark.parametrize(
    "key", ['"\\000abcdefgh"', '"abcdefgh\\000"', "ABCDEFGHIJ", "a" * 41, "a" * 7, '"\\377bcdefghi"']
)
def test_a_cookie_of_another_form_is_no_session(path: str, key: str) -> None:
    known = Client().get(path).status_code
    assert Client(headers={"Cookie": f"sessionid={key}"}).get(path).status_code == known


@pytest.mark.parametrize("key", ["\0abcdefgh", "a" * 41, "a" * 7, "A" * 32, ""])
def test_a_key_of_another_form_is_none(key: str) -> None:
    assert SessionStore(key).session_key is None
    assert authenticate_scope({"cookies": {"sessionid": key}}) is None
    assert SessionStore("a1" * 16).session_key == "a1" * 16
