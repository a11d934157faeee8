"""HTTP request: what is sent, what is kept, and which addresses are out of reach."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from actions.contract.action import Services
from actions.http.connection import HttpConnection
from actions.network.policy import NetworkPolicy
from flows.engine.resources import RunResources
from flows.events.events import RunEvent
from flows.events.fold import fold
from tests.actions.anthropic.upstream import END, HANG, RESET, Step, Upstream, chunk, head, upstream
from tests.flows.scripted import graph, node, path, run, trigger


def answered(body: str, status: int = 200, content_type: str = "application/json", **headers: str) -> list[Step]:
    return [head(status, content_type, **headers), *([chunk(body.encode())] if body else []), END]


async def call(allowed: Upstream | None, connection: HttpConnection | None = None, **properties: Any) -> list[RunEvent]:
    policy = NetworkPolicy(frozenset({allowed.host} if allowed else ()))
    request = node("request", "http.request", **properties)
    last = node("last", "control.return", value={"expression": "answer"})
    document = graph([trigger(), request, last], path("trigger", "request", "last"))
    connections = {"c": connection} if connection else {}
    if connection:
        document["nodes"][1]["properties"]["connection"] = "c"
    return await run(
        document, resources=RunResources("r", connections, Services({NetworkPolicy: policy})), kinds={"c": "http"}
    )


def outcome(events: list[RunEvent]) -> Any:
    state = fold(events)
    return state["error"] or state["result"]


async def test_json_is_parsed_and_the_rest_is_kept() -> None:
    async with upstream(answered('{"a": 1}', x_more="yes")) as server:
        told = outcome(await call(server, url=f"{server.url}/x?q=1"))
    assert (told["status"], told["body"], told["text"], told["headers"]["x-more"]) == (200, {"a": 1}, '{"a": 1}', "yes")
    assert server.requests[0].line == "GET /x?q=1 HTTP/1.1"


async def test_headers_that_no_database_takes_are_cleaned() -> None:
    answer = b"HTTP/1.1 200 OK\r\nX-Odd: a\x00b\r\nContent-Length: 2\r\n\r\nok"
    async with upstream([answer, END]) as server:
        assert outcome(await call(server, url=server.url))["headers"]["x-odd"] == "a\ufffdb"


async def test_headers_and_body_may_hold_expressions() -> None:
    async with upstream(answered("{}")) as server:
        await call(
            server,
            method="POST",
            url=f"{server.url}/x",
            headers={"X-Asked": "{{ chatCompletionRequest.prompt }}"},
            body={"expression": "{'question': chatCompletionRequest.prompt}"},
        )
    received = server.requests[0]
    assert (received.headers["x-asked"], received.body) == ("Hello", {"question": "Hello"})
    assert received.headers["content-type"] == "application/json"


async def test_a_line_break_in_a_header_is_refused_and_nothing_is_sent() -> None:
    async with upstream(answered("{}")) as server:
        told = outcome(await call(server, url=server.url, headers={"X": "{{ 'a\\r\\nEvil: 1' }}"}))
    assert (told["code"], server.requests) == ("invalid_value", [])


@pytest.mark.parametrize("name", ["Host", "content-length", "Transfer-Encoding"])
async def test_headers_of_the_call_itself_cannot_be_set(name: str) -> None:
    assert outcome(await call(None, url="https://example.com", headers={name: "x"}))["code"] == "invalid_value"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9", "http://[::1]:9/", "http://2130706433:9/", "http://0x7f.1:9/", "http://localhost:9/"]
)
async def test_private_addresses_are_out_of_reach(url: str) -> None:
    assert outcome(await call(None, url=url))["code"] in ("address_not_allowed", "http_unreachable")


async def test_a_private_address_is_judged_before_a_connection_is_made() -> None:
    async with upstream(answered("secret")) as server:
        assert outcome(await call(None, url=server.url))["code"] == "address_not_allowed"
    assert server.connections == 0


async def test_a_redirect_to_a_private_address_is_out_of_reach() -> None:
    async with upstream(answered("secret")) as private, upstream(answered("", 302, location=private.url)) as server:
        told = outcome(await call(server, url=server.url))
    assert (told["code"], private.connections) == ("address_not_allowed", 0)


async def test_redirects_end() -> None:
    async with upstream(answered("", 302, location="/again")) as server:
        told = outcome(await call(server, url=server.url))
    assert (told["code"], len(server.requests)) == ("http_too_many_redirects", 6)


def connected(server: Upstream, **settings: Any) -> HttpConnection:
    policy = NetworkPolicy(frozenset({server.host}))
    return HttpConnection.resolve({"id": "c", "secret": "s3cret", "base_url": server.url, **settings}, policy)


@pytest.mark.parametrize(
    ("settings", "header", "value"),
    [
        ({}, "authorization", "Bearer s3cret"),
        ({"authentication": "basic", "user": "me"}, "authorization", "Basic bWU6czNjcmV0"),
        ({"authentication": "header", "user": "X-Key"}, "x-key", "s3cret"),
    ],
)
async def test_a_connection_proves_who_calls(settings: dict[str, str], header: str, value: str) -> None:
    async with upstream(answered("{}")) as server:
        await call(server, connected(server, **settings), url="/orders")
    assert (server.requests[0].line, server.requests[0].headers[header]) == ("GET /orders HTTP/1.1", value)


@pytest.mark.parametrize("url", ["https://example.com/", "//example.com/", "/\\example.com", "orders"])
async def test_a_connection_is_for_its_own_host(url: str) -> None:
    async with upstream(answered("{}")) as server:
        told = outcome(await call(server, connected(server), url=f"{{{{ {json.dumps(url)} }}}}"))
    assert (told["code"], server.requests) == ("invalid_value", [])


@pytest.mark.parametrize("settings", [{}, {"authentication": "header", "user": "X-Key"}])
async def test_a_redirect_takes_no_secret_to_another_host(settings: dict[str, str]) -> None:
    async with upstream(answered("{}")) as other, upstream(answered("", 307, location=other.url)) as server:
        policy = NetworkPolicy(frozenset({server.host, other.host}))
        request = node("request", "http.request", url="/x", connection="c")
        document = graph([trigger(), request], path("trigger", "request"))
        host = RunResources("r", {"c": connected(server, **settings)}, Services({NetworkPolicy: policy}))
        await run(document, resources=host, kinds={"c": "http"})
    assert len(other.requests) == 1
    assert "s3cret" not in str(other.requests[0].headers)


async def test_an_answer_larger_than_the_limit_is_refused() -> None:
    async with upstream(answered("x" * 1_100_000, content_type="text/plain")) as server:
        assert outcome(await call(server, url=server.url, max_size=1))["code"] == "http_too_large"


async def test_a_server_that_falls_silent_is_given_up() -> None:
    async with upstream([head(), HANG]) as server:
        assert outcome(await call(server, url=server.url, timeout=0.2))["code"] == "http_timeout"


async def test_a_connection_that_breaks_is_told() -> None:
    async with upstream([head(), RESET]) as server:
        assert outcome(await call(server, url=server.url))["code"] == "http_failed"


async def test_a_status_of_400_or_more_fails_unless_it_is_asked_for() -> None:
    async with upstream(answered("no", 404, "text/plain")) as server:
        assert outcome(await call(server, url=server.url))["code"] == "http_status"
        assert outcome(await call(server, url=server.url, fail_on_error=False))["status"] == 404


async def test_a_status_says_whether_to_try_again_and_when() -> None:
    never = answered("", 503, retry_after="Sat, 01 Jan 10000 00:00:00 GMT")
    async with upstream(answered("", 503, retry_after="7"), answered("", 404, retry_after="7"), never) as server:
        passing, final, undated = [outcome(await call(server, url=server.url)) for _ in range(3)]
    assert (passing["retryable"], passing["retry_after_s"], passing["fault"]) == (True, 7, "vendor")
    assert (final["retryable"], final["retry_after_s"]) == (False, None)
    assert (undated["retryable"], undated["retry_after_s"]) == (True, None)


async def test_the_case_of_a_media_type_does_not_matter() -> None:
    async with upstream(answered('{"a": 1}', content_type="Application/JSON")) as server:
        assert outcome(await call(server, url=server.url))["body"] == {"a": 1}


async def test_a_call_that_failed_in_passing_is_repeated() -> None:
    async with upstream(answered("", 503), answered('"ok"')) as server:
        events = await call(server, url=server.url, retries=1)
    assert (outcome(events)["body"], len(server.requests)) == ("ok", 2)
    assert [event.get("level") for event in events if event["type"] == "log"] == ["warning"]


async def test_what_may_have_changed_something_is_not_repeated() -> None:
    async with upstream(answered("", 503)) as server:
        assert outcome(await call(server, method="POST", url=server.url, retries=2))["code"] == "http_status"
    assert len(server.requests) == 1


async def test_the_test_of_a_connection_says_what_it_learnt() -> None:
    async with upstream(answered("{}"), answered("no", 401)) as server:
        good, refused = await connected(server).test(), await connected(server).test()
    assert (good.ok, refused.ok, refused.code) == (True, False, "connection_refused")


BAD_ADDRESSES = (
    "http://localhost:99999/",
    "http://localhost:-1/",
    "http://localhost:0/",
    f"http://localhost:{'9' * 40}/",
    "http://[::1/",
    "http://a..b/",
    f"http://{'a' * 300}.com/",
    "http://xn--a/",
    "http://\u2603.example/",
    "http://%41.example/",
    "http:///x",
    "https://a b/",
    "http://localhost/\x00",
    "http://user:secret@/",
)


@pytest.mark.parametrize("url", BAD_ADDRESSES)
async def test_an_address_that_cannot_be_called_is_no_fault_of_the_server(url: str) -> None:
    error = outcome(await call(None, url=url))
    assert error["code"] in ("invalid_value", "http_unreachable", "address_not_allowed"), error
    assert error["node"] == "request"


@pytest.mark.parametrize("target", ["http://localhost:99999/", "ftp://localhost/", "http://localhost:0/"])
async def test_a_redirect_that_cannot_be_followed_is_no_fault_of_the_server(target: str) -> None:
    async with upstream([head(302, location=target), END]) as server:
        error = outcome(await call(server, url=server.url))
    assert error.get("code") in ("http_unreachable", "address_not_allowed"), error


NAMES = ("hex", "zlib", "rot13", "base64", "idna", "IDNA", "punycode", "undefined", "unicode-escape", "nope", "x" * 300)
ODD_CHARSETS = (*NAMES, '"utf-8"', '"', "utf-8;charset=hex")


@pytest.mark.parametrize("charset", ODD_CHARSETS)
async def test_an_answer_in_an_odd_charset_is_read_as_utf_8(charset: str) -> None:
    async with upstream(answered("M\u00fchle.-z", content_type=f"text/plain; charset={charset}")) as server:
        assert outcome(await call(server, url=server.url))["text"] == "M\u00fchle.-z"


async def test_an_answer_in_another_charset_is_decoded() -> None:
    body = chunk("M\u00fchle".encode("utf-16-le"))
    async with upstream([head(200, "text/plain; charset=utf-16-le"), body, END]) as server:
        assert outcome(await call(server, url=server.url))["text"] == "M\u00fchle"


@pytest.mark.parametrize(
    "name", ["Content-Length", "transfer-encoding", "HOST", "Connection", "Upgrade", "TE", "Expect"]
)
async def test_a_header_that_frames_the_call_is_set_by_nobody_else(name: str) -> None:
    assert outcome(await call(None, url="https://example.com", headers={name: "1"}))["code"] == "invalid_value"
    values = {"id": "c", "secret": "s", "base_url": "https://example.com", "authentication": "header", "user": name}
    with pytest.raises(ValidationError, match="sets this header"):
        HttpConnection.resolve(values, NetworkPolicy())
