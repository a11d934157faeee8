"""Bodies and heads that cost more than their sender may ask for, sent to the servers that `manage.py serve` starts."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.abuse.probes import watch
from tests.abuse.raw_http import CSRF_TOKEN, FLOW, FORMS, MIB, build_head, read_answer, send
from tests.faults.rig import Server, get_site, run_servers

pytestmark = pytest.mark.asyncio(loop_scope="module")
KINDS = ("serve", "serve uvicorn")
ORIGIN = "https://partner.example"
PATHS = [
    "/",
    "/sign-in",
    "/api/v1/flows",
    f"/api/v1/flows/{FLOW}/run",
    "/admin/login/",
    f"/api/v1/collections/{FLOW}/documents",
]


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=KINDS)
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    async with run_servers(1, request.param, MILLRACE_HEAD_SECONDS="2", MILLRACE_CORS_ORIGINS=ORIGIN) as (running,):
        yield running


async def test_a_large_form_of_a_stranger_is_refused_unread(server: Server) -> None:
    async with watch(server.port, server.pid) as harm:
        for media_type, body in FORMS.values():
            for path in PATHS:
                head = build_head(path, f"Content-Type: {media_type}", f"Content-Length: {len(body)}")
                status, headers, refusal = await send(server.port, head, body)
                expected = (401, "not_signed_in") if path.startswith("/api/") else (413, "body_too_large")
                assert (status, refusal["error"]["code"]) == expected, path
                assert headers["connection"] == "close"
                assert headers["x-content-type-options"] == "nosniff"
    harm.require_none()


async def test_a_large_form_with_a_forged_cookie_is_refused_unread(server: Server) -> None:
    async with watch(server.port, server.pid) as harm:
        for media_type, body in FORMS.values():
            lines = [f"Content-Type: {media_type}", "Cookie: sessionid=forged", f"Content-Length: {len(body)}"]
            status, _, refusal = await send(server.port, build_head("/api/v1/flows", *lines), body)
            assert (status, refusal["error"]["code"]) == (413, "body_too_large")
    harm.require_none()


async def test_a_body_without_a_length_ends_at_the_limit(server: Server) -> None:
    piece = b"%x\r\n" % MIB + bytes(MIB) + b"\r\n"
    async with watch(server.port, server.pid) as harm:
        lines = ["Transfer-Encoding: chunked", "Authorization: Bearer forged"]
        status, _, refusal = await send(server.port, build_head("/api/v1/flows", *lines), *[piece] * 40)
    assert (status, refusal["error"]["code"]) == (413, "body_too_large")
    harm.require_none()


async def test_calls_as_large_as_may_be_stall_nobody(server: Server) -> None:
    """Forms and JSON of 20 MB with a key that is none, ten at once."""
    head = build_head(
        f"/api/v1/flows/{FLOW}/run", "Authorization: Bearer forged", f"Content-Length: {20 * MIB}", "Connection: close"
    )
    async with watch(server.port, server.pid) as harm:
        answers = await asyncio.gather(*(send(server.port, head, b"x" * 20 * MIB) for _ in range(10)))
    assert {(status, refusal["error"]["code"]) for status, _, refusal in answers} <= {
        (401, "not_signed_in"),
        (429, "too_many_attempts"),
    }
    harm.require_none()


async def test_a_file_of_20_mib_stalls_nobody(server: Server) -> None:
    cookies = f"Cookie: sessionid={get_site().session}; csrftoken={CSRF_TOKEN}\r\nX-CSRFToken: {CSRF_TOKEN}"
    status, _, collection = await send_json(server, "/api/v1/collections", cookies, {"name": "Files"})
    assert status == 201, collection
    async with watch(server.port, server.pid) as harm:
        start = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
        body = start + bytes(20 * MIB) + b"\r\n--b--\r\n"
        path = f"/api/v1/collections/{collection['id']}/documents"
        lines = ["Content-Type: multipart/form-data; boundary=b", f"Content-Length: {len(body)}", cookies]
        status, _, refusal = await send(server.port, build_head(path, *lines, "Connection: close"), body)
    assert (status, refusal["error"]["code"]) == (415, "unsupported_document"), refusal
    harm.require_none()


async def send_json(server: Server, path: str, cookies: str, body: Any) -> tuple[int, dict[str, str], Any]:
    raw = json.dumps(body).encode()
    lines = [cookies, "Content-Type: application/json", f"Content-Length: {len(raw)}", "Connection: close"]
    return await send(server.port, build_head(path, *lines), raw)


EARLY_REFUSALS: dict[str, tuple[int, list[str]]] = {
    "a body that says that it is too large": (413, ["Authorization: Bearer forged", f"Content-Length: {99 * MIB}"]),
    "a body of a stranger": (401, [f"Content-Length: {99 * MIB}"]),
    "no length": (400, ["Content-Length: x"]),
    "a head that does not end": (408, ["X-Slow: x"]),
}


@pytest.mark.parametrize(("status", "lines"), EARLY_REFUSALS.values(), ids=EARLY_REFUSALS)
@pytest.mark.parametrize("origin", [ORIGIN, "https://other.example"])
async def test_a_page_of_an_allowed_origin_reads_a_refusal_before_the_key_is_read(
    server: Server, origin: str, status: int, lines: list[str]
) -> None:
    head = build_head(f"/api/v1/flows/{FLOW}/run", f"Origin: {origin}", *lines)
    answered, headers, _ = await send(server.port, head.removesuffix("\r\n") if status == 408 else head)
    assert answered == status
    assert headers.get("access-control-allow-origin") == (ORIGIN if origin == ORIGIN else None)


@pytest.mark.parametrize("start", [b"GET /", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "])
async def test_a_head_that_drips_is_cut(server: Server, start: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    answer = asyncio.create_task(read_answer(reader))
    writer.write(start)
    while not answer.done():
        writer.write(b"x")
        await asyncio.sleep(0.05)
    status, _, body = await answer
    writer.close()
    assert (status, json.loads(body)["error"]["code"]) == (408, "head_too_slow")


@pytest.mark.parametrize(
    "wrong",
    [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n"],
)
async def test_what_is_no_http_is_refused_in_our_shape(server: Server, wrong: bytes) -> None:
    status, headers, refusal = await send(server.port, wrong.decode())
    assert (status, refusal["error"]["code"]) == (400, "malformed_request")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["connection"] == "close"
