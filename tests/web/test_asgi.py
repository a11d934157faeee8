"""The outermost layers: static files, limits on bodies, and who may open a socket."""

import gzip
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.testing import HttpCommunicator, WebsocketCommunicator
from pytest_django import Settings

from actions.anthropic.request import files
from server.bodies.body_limit import STRANGERS_LIMIT, BodyLimit
from server.refused_early import LAST_WORDS_BYTES
from server.static_files import StaticFiles
from web.middleware.asgi import AtRoot, Message, Receive, SameOrigin, Scope, Send, respond
from web.middleware.proxy_faults import told_faults
from web.strict_json import START_LIMITS

# Channels looks after the database connections of its thread when a socket ends, also those of tests before.
SOCKET = pytest.mark.django_db(transaction=True)
HOST = (b"host", b"127.0.0.1:8000")
KEY = (b"authorization", b"Bearer of-somebody")


async def answer_length(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the length of the body and with the prefix that it is told."""
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    await respond(send, 200, [("X-Root", scope["root_path"])], str(length).encode())


async def ask(app: Any, path: str, *headers: tuple[bytes, bytes], method: str = "GET") -> dict[str, Any]:
    answer: dict[str, Any] = await HttpCommunicator(app, method, path, headers=[HOST, *headers]).get_response()
    return {**answer, "headers": {name.decode(): value.decode() for name, value in answer["headers"]}}


@pytest.fixture
def static(settings: Settings, tmp_path: Path) -> StaticFiles:
    script = b"export const text = 'x';\n" * 100
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/main-a1b2c3.js").write_bytes(script)
    (tmp_path / "assets/main-a1b2c3.js.gz").write_bytes(gzip.compress(script))
    (tmp_path / "index.html").write_text("<title>x</title>")
    (tmp_path.parent / "secret_key").write_text("not for anybody")
    settings.MILLRACE_FRONTEND_DIR = tmp_path
    return StaticFiles(answer_length)


async def test_a_file_with_a_hash_in_its_name_is_kept_for_ever(static: StaticFiles) -> None:
    answer = await ask(static, "/static/ui/assets/main-a1b2c3.js")
    assert answer["status"] == 200
    assert "immutable" in answer["headers"]["cache-control"]
    assert answer["headers"]["content-type"].startswith("text/javascript")
    assert answer["headers"]["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in answer["headers"]


async def test_a_compressed_copy_is_sent_to_those_who_take_it(static: StaticFiles) -> None:
    answer = await ask(static, "/static/ui/assets/main-a1b2c3.js", (b"accept-encoding", b"gzip"))
    assert answer["headers"]["content-encoding"] == "gzip"
    assert gzip.decompress(answer["body"]).startswith(b"export const")
    assert int(answer["headers"]["content-length"]) == len(answer["body"])


async def test_a_file_that_the_browser_has_is_not_sent_again(static: StaticFiles) -> None:
    first = await ask(static, "/static/admin/css/base.css")
    again = await ask(static, "/static/admin/css/base.css", (b"if-none-match", first["headers"]["etag"].encode()))
    assert (again["status"], again["body"]) == (304, b"")
    assert "immutable" not in first["headers"]["cache-control"]


@pytest.mark.parametrize(
    "path",
    ["../secret_key", "ui/../../secret_key", "ui/%2e%2e/secret_key", "ui//etc/passwd", "ui/assets", "ui/", "none.js"],
)
async def test_what_is_no_file_of_the_build_is_not_there(static: StaticFiles, path: str) -> None:
    assert (await ask(static, f"/static/{path}"))["status"] == 404


async def test_files_are_read_only(static: StaticFiles) -> None:
    assert (await ask(static, "/static/ui/index.html", method="POST"))["status"] == 405
    head = await ask(static, "/static/ui/index.html", method="HEAD")
    assert (head["status"], head["body"]) == (200, b"")


async def test_other_addresses_go_on_to_the_application(static: StaticFiles) -> None:
    app = AtRoot(static)
    assert (await ask(app, "/api/v1/me"))["body"] == b"0"


async def test_a_prefix_that_a_client_claims_is_ignored() -> None:
    communicator = HttpCommunicator(AtRoot(answer_length), "GET", "/", headers=[HOST])
    communicator.scope["root_path"] = "/evil.example"
    answer = await communicator.get_response()
    assert dict(answer["headers"])[b"x-root"] == b""


async def end() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


@pytest.mark.parametrize("length", [b"5242881", b"9" * 5000, b"-1", b"5e3", b"0x10", "٣".encode()])
async def test_a_body_that_says_it_is_too_large_is_not_read(length: bytes) -> None:
    async def unread(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("the application was asked")

    sent = await call(BodyLimit(unread), [KEY, (b"content-length", length)], end)
    assert sent[0]["status"] == 413
    assert (b"connection", b"close") in sent[0]["headers"]


async def test_a_body_without_an_end_is_cut_off() -> None:
    given = 0

    async def flood() -> Message:
        nonlocal given
        given += 1
        return {"type": "http.request", "body": b"x" * 65_536, "more_body": True}

    sent = await call(BodyLimit(answer_length), [KEY], flood)
    assert sent[0]["status"] == 413
    assert given == 81 + LAST_WORDS_BYTES // 65_536


async def test_a_body_of_the_largest_size_is_taken() -> None:
    async def whole() -> Message:
        return {"type": "http.request", "body": b"x" * 5 * 1024 * 1024, "more_body": False}

    sent = await call(BodyLimit(answer_length), [KEY, (b"content-length", b"5242880")], whole)
    assert (sent[0]["status"], sent[1]["body"]) == (200, b"5242880")


async def test_a_call_of_a_flow_may_be_as_large_as_one_of_a_model() -> None:
    declared = [KEY, (b"content-length", str(START_LIMITS.bytes).encode())]
    flow = "/api/v1/flows/8b1f1d53-5c1f-4a3e-9d4a-0b7f9d1c2e3a"

    async def body() -> Message:
        return {"type": "http.request", "body": bytes(START_LIMITS.bytes), "more_body": False}

    for call_name in ("stream", "run", "submit"):
        assert (await call(BodyLimit(answer_length), declared, body, f"{flow}/{call_name}"))[0]["status"] == 200
    assert (await call(BodyLimit(answer_length), declared, body, f"{flow}/graph"))[0]["status"] == 413
    assert START_LIMITS.bytes > files.MAX_TOTAL_CHARACTERS > files.MAX_IMAGE_CHARACTERS


async def test_only_a_file_for_a_collection_may_be_larger() -> None:
    async def file() -> Message:
        return {"type": "http.request", "body": b"x" * 20 * 1024 * 1024, "more_body": False}

    documents = "/api/v1/collections/8b1f1d53-5c1f-4a3e-9d4a-0b7f9d1c2e3a/documents"
    statuses = {}
    for path in (documents, f"{documents}/x", documents.removesuffix("/documents"), "/api/v1/flows"):
        statuses[path] = (await call(BodyLimit(answer_length), [KEY], file, path))[0]["status"]
    assert list(statuses.values()) == [200, 413, 413, 413]
    declared = [KEY, (b"content-length", b"52428800")]
    assert (await call(BodyLimit(answer_length), declared, file, documents))[0]["status"] == 413


@pytest.mark.parametrize(("path", "status"), [("/sign-in", 413), ("/api/v1/flows", 401)])
async def test_who_names_no_caller_sends_no_more_than_a_form(path: str, status: int) -> None:
    declared = [(b"content-length", str(STRANGERS_LIMIT + 1).encode())]
    assert (await call(BodyLimit(answer_length), declared, end, path))[0]["status"] == status
    cookie = (b"cookie", b"a=b; sessionid=c")
    assert (await call(BodyLimit(answer_length), [*declared, cookie], end, path))[0]["status"] == 200


@pytest.mark.parametrize("name", [(b"cookie", b"a=b; millrace_visitor=c"), (b"x-chat-visitor", b"c"), KEY])
async def test_who_names_a_visitor_sends_a_file_to_one_address_alone(name: tuple[bytes, bytes]) -> None:
    files = "/api/v1/chat/k_mill-desk/files"
    size = 10 * 1024 * 1024
    for path, length, status in (
        (files, size, 200),
        (files, size + 128 * 1024, 413),
        (f"{files}/x", size, 413 if name == KEY else 401),
        ("/api/v1/flows", size, 413 if name == KEY else 401),
    ):
        declared = (b"content-length", str(length).encode())
        assert (await call(BodyLimit(answer_length), [name, declared], end, path))[0]["status"] == status, path
    assert (await call(BodyLimit(answer_length), [(b"content-length", b"100000")], end, files))[0]["status"] == 401


async def call(
    app: BodyLimit, headers: list[tuple[bytes, bytes]], receive: Callable[[], Awaitable[Message]], path: str = "/"
) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "root_path": "", "headers": headers}
    await app(scope, receive, send)
    return sent


class OpenConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """Lets everybody in who gets this far."""


async def can_open_socket(origin: bytes | None, host: bytes = b"127.0.0.1:8000", scheme: str = "ws") -> bool:
    headers = [(b"host", host)] + ([(b"origin", origin)] if origin is not None else [])
    communicator = WebsocketCommunicator(SameOrigin(OpenConsumer.as_asgi()), "/ws/flows/1", headers=headers)
    communicator.scope["scheme"] = scheme
    connected, _ = await communicator.connect()
    await communicator.disconnect()
    return bool(connected)


@SOCKET
async def test_this_servers_own_page_opens_a_socket() -> None:
    assert await can_open_socket(b"http://127.0.0.1:8000")
    assert await can_open_socket(b"http://localhost:9000", host=b"localhost:9000")
    assert await can_open_socket(b"https://127.0.0.1:8000", scheme="wss")


@SOCKET
async def test_the_page_behind_a_proxy_opens_a_socket(settings: Settings) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://flows.example.com"]
    assert await can_open_socket(b"https://flows.example.com", host=b"127.0.0.1:8000")


FOREIGN_ORIGINS = {
    "no origin": None,
    "an empty one": b"",
    "null": b"null",
    "another site": b"https://evil.example",
    "another scheme": b"https://127.0.0.1:8000",
    "another port": b"http://127.0.0.1:9000",
    "the same without its port": b"http://127.0.0.1",
    "another name of this machine": b"http://localhost:8000",
    "a name that goes on": b"http://127.0.0.1:8000.evil.example",
    "a user": b"http://127.0.0.1:8000@evil.example",
    "a path": b"http://127.0.0.1:8000/",
    "not ASCII": "http://127.0.0.1:8000é".encode(),
}


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS.values(), ids=FOREIGN_ORIGINS)
@SOCKET
async def test_another_page_does_not_open_a_socket(origin: bytes | None) -> None:
    assert not await can_open_socket(origin)


@SOCKET
async def test_a_page_whose_socket_is_refused_is_named_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    told_faults.clear()
    assert not await can_open_socket(b"https://flows.example.com")
    (record,) = [record for record in caplog.records if record.name == "web.middleware.proxy_faults"]
    assert "set MILLRACE_PUBLIC_URL=https://flows.example.com" in record.__dict__["hint"]


@SOCKET
async def test_a_name_that_points_here_does_not_open_a_socket() -> None:
    assert not await can_open_socket(b"http://rebound.example:8000", host=b"rebound.example:8000")
    assert not await can_open_socket(b"http://", host=b"")
