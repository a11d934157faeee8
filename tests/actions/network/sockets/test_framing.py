"""Where an answer begins and where its body ends, in every way that servers say it."""

from typing import NamedTuple

import httpx2
import pytest

from actions.network.answer import MAX_HEAD_BYTES
from tests.actions.anthropic.upstream import FIN, Pause, Step, upstream
from tests.actions.network.sockets.conftest import Open

OK = b"HTTP/1.1 200 OK\r\n"
LENGTH_5 = b"content-length: 5\r\n\r\n"
CHUNKED = b"transfer-encoding: chunked\r\n\r\n"
SHARED, NOT_SHARED = 1, 2
"""How many sockets two calls take, one after the other."""


class Whole(NamedTuple):
    script: list[Step]
    status: int
    body: bytes
    sockets: int


WHOLE = {
    "a length": Whole([OK + LENGTH_5 + b"hello"], 200, b"hello", SHARED),
    "no bytes": Whole([OK + b"content-length: 0\r\n\r\n"], 200, b"", SHARED),
    "one chunk": Whole([OK + CHUNKED + b"5\r\nhello\r\n0\r\n\r\n"], 200, b"hello", SHARED),
    "chunks, their names and a trailer": Whole(
        [OK + CHUNKED + b"3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\nx-sum: 1\r\n\r\n"], 200, b"hello", SHARED
    ),
    "the end of the connection": Whole([OK + b"\r\nhello", FIN], 200, b"hello", NOT_SHARED),
    "the end of the connection, in HTTP/1.0": Whole([b"HTTP/1.0 200 OK\r\n\r\nhello", FIN], 200, b"hello", NOT_SHARED),
    "a length in HTTP/1.0": Whole([b"HTTP/1.0 200 OK\r\n" + LENGTH_5 + b"hello"], 200, b"hello", NOT_SHARED),
    "a kept socket in HTTP/1.0": Whole(
        [b"HTTP/1.0 200 OK\r\nconnection: keep-alive\r\n" + LENGTH_5 + b"hello"], 200, b"hello", SHARED
    ),
    "a server that will close": Whole([OK + b"connection: close\r\n" + LENGTH_5 + b"hello"], 200, b"hello", NOT_SHARED),
    "no content": Whole([b"HTTP/1.1 204 No Content\r\n\r\n"], 204, b"", SHARED),
    "not modified, with a length": Whole([b"HTTP/1.1 304 Not Modified\r\n" + LENGTH_5], 304, b"", SHARED),
    "interim answers": Whole(
        [
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n",
            Pause(0.01),
            b"HTTP/1.1 102 Processing\r\n\r\n" + OK + LENGTH_5 + b"hello",
        ],
        200,
        b"hello",
        SHARED,
    ),
    "bare line feeds": Whole([b"HTTP/1.1 200 OK\ncontent-length: 5\n\nhello"], 200, b"hello", SHARED),
    "no reason": Whole([b"HTTP/1.1 200\r\n" + LENGTH_5 + b"hello"], 200, b"hello", SHARED),
    "more than the length": Whole([OK + LENGTH_5 + b"hello, world"], 200, b"hello", NOT_SHARED),
    "another answer": Whole([(OK + LENGTH_5 + b"hello") * 2], 200, b"hello", NOT_SHARED),
    "another answer without a body": Whole([b"HTTP/1.1 204 No Content\r\n\r\n" * 2], 204, b"", NOT_SHARED),
    "more, a little later": Whole([OK + LENGTH_5 + b"hello", Pause(0.01), b"more", FIN], 200, b"hello", NOT_SHARED),
}


@pytest.mark.parametrize("answer", WHOLE.values(), ids=WHOLE.keys())
async def test_an_answer_is_whole_where_its_server_says_so(open_client: Open, answer: Whole) -> None:
    async with upstream(answer.script) as server:
        client = open_client(server)
        for _ in range(2):
            response = await client.get(server.url)
            assert (response.status_code, response.content) == (answer.status, answer.body)
            if answer.sockets == NOT_SHARED:
                await server.requests[-1].wait_until_left()
    assert server.connections == answer.sockets


@pytest.mark.parametrize("answer", WHOLE.values(), ids=WHOLE.keys())
async def test_it_does_not_matter_where_an_answer_is_cut(open_client: Open, answer: Whole) -> None:
    cut: list[Step] = []
    for step in answer.script:
        pieces = [step[at : at + 1] for at in range(len(step))] if isinstance(step, bytes) else [step]
        cut += [item for piece in pieces for item in (piece, Pause(0))]
    async with upstream(cut) as server:
        response = await open_client(server).get(server.url)
    assert (response.status_code, response.content) == (answer.status, answer.body)


BROKEN = {
    "fewer bytes than the length": [OK + LENGTH_5 + b"hell", FIN],
    "chunks without an end": [OK + CHUNKED + b"5\r\nhello\r\n", FIN],
    "half a chunk": [OK + CHUNKED + b"5\r\nhel", FIN],
    "half a head": [OK + b"content-len", FIN],
    "an interim answer alone": [b"HTTP/1.1 100 Continue\r\n\r\n", FIN],
    "two ways to end": [OK + b"content-length: 5\r\n" + CHUNKED + b"5\r\nhello\r\n0\r\n\r\n", FIN],
    "two lengths": [OK + b"content-length: 6\r\n" + LENGTH_5 + b"hello", FIN],
    "a length that is no number": [OK + b"content-length: five\r\n\r\nhello", FIN],
    "another protocol": [b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n", FIN],
    "a status that there is not": [b"HTTP/1.1 099 Odd\r\n" + LENGTH_5 + b"hello", FIN],
    "no HTTP": [b"SSH-2.0-OpenSSH_9.2\r\n\r\n", FIN],
    "a later version": [b"HTTP/3.7 200 OK\r\n" + LENGTH_5 + b"hello", FIN],
    "a header of one endless line": [OK + b"x: ", *([b"y" * 1000] * 200), b"\r\n\r\n", FIN],
    "many headers": [OK, *([b"x: y\r\n" * 200] * 200), LENGTH_5 + b"hello", FIN],
    "many headers in one read": [OK + b"x: 0123456789\r\n" * 12_000 + LENGTH_5 + b"hello", FIN],
    "interim answers without end": [b"HTTP/1.1 103 Early Hints\r\nx: 0123456789\r\n\r\n" * 200] * 200,
    "interim answers without headers": [b"HTTP/1.1 102 Processing\r\n\r\n" * 200] * 200,
    "an endless status": [b"HTTP/1.1 200 O", *([b"K" * 1000] * 200), b"\r\n\r\n", FIN],
    "an endless trailer": [OK + CHUNKED + b"5\r\nhello\r\n0\r\n", Pause(0.01), *([b"x" * 1000] * 200), FIN],
    "an endless name of a chunk": [OK + CHUNKED + b"5;a=", Pause(0.01), *([b"x" * 1000] * 200), FIN],
}


@pytest.mark.parametrize("script", BROKEN.values(), ids=BROKEN.keys())
async def test_an_answer_that_is_not_whole_or_not_http_is_an_error(open_client: Open, script: list[Step]) -> None:
    async with upstream(script) as server:
        with pytest.raises(httpx2.RemoteProtocolError):
            await open_client(server).get(server.url)
        await server.requests[0].wait_until_left()


async def test_a_head_may_be_as_long_as_the_limit(open_client: Open) -> None:
    long = b"x: %b\r\n" % (b"y" * (MAX_HEAD_BYTES - 200))
    async with upstream([OK, long, LENGTH_5 + b"hello"]) as server:
        assert (await open_client(server).get(server.url)).content == b"hello"


@pytest.mark.parametrize(
    ("answer", "sockets"),
    [
        (OK + LENGTH_5, SHARED),
        (OK + CHUNKED, SHARED),
        (OK + b"\r\n", NOT_SHARED),
        (OK + LENGTH_5 + b"hello", NOT_SHARED),
    ],
    ids=["a length", "chunks", "no length", "a body all the same"],
)
async def test_the_answer_to_head_has_no_body(open_client: Open, answer: bytes, sockets: int) -> None:
    async with upstream([answer]) as server:
        client = open_client(server)
        for _ in range(2):
            response = await client.head(server.url)
            assert (response.status_code, response.content) == (200, b"")
    assert server.connections == sockets


async def test_headers_are_told_as_they_came(open_client: Open) -> None:
    came = b"X-One: a\r\nx-empty:\r\nX-One:  b \r\nX-Odd: \xff\r\n"
    async with upstream([OK + came + LENGTH_5 + b"hello"]) as server:
        response = await open_client(server).get(server.url)
    assert response.headers.get_list("x-one") == ["a", "b"]
    assert (response.headers["x-empty"], response.headers.raw[3][1]) == ("", b"\xff")
    assert response.extensions["reason_phrase"] == b"OK"


async def test_a_head_that_drips_is_not_waited_for_longer_than_for_one_that_does_not_come(open_client: Open) -> None:
    drip: list[Step] = [item for byte in OK * 200 for item in (bytes([byte]), Pause(0.01))]
    async with upstream(drip) as server:
        with pytest.raises(httpx2.ReadTimeout):
            await open_client(server).get(server.url, timeout=httpx2.Timeout(10, read=0.1))
        await server.requests[0].wait_until_left()
