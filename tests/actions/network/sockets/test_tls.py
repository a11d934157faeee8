"""Calls over TLS: what is verified, how a failure is named, and that all else is as without."""

import asyncio
import ssl
from pathlib import Path

import httpx2
import pytest

from tests.actions.anthropic.upstream import END, FIN, HANG, RESET, Step, chunk, head, upstream
from tests.actions.network.dialling import Certificate, script_answer
from tests.actions.network.sockets.conftest import Open


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return Certificate(tmp_path)


def secure(url: str) -> str:
    return url.replace("http://", "https://")


async def test_calls_share_a_socket(open_client: Open, certificate: Certificate) -> None:
    async with upstream(script_answer(b"hello"), tls=certificate.server()) as server:
        client = open_client(server, certificate)
        assert [(await client.get(secure(server.url))).text for _ in range(3)] == ["hello"] * 3
    assert server.connections == 1


async def test_much_goes_both_ways(open_client: Open, certificate: Certificate) -> None:
    body = b'"' + b"x" * 3_000_000 + b'"'
    script: list[Step] = [head(), *([chunk(b"y" * 99_999 + b"\n")] * 50), END]
    async with upstream(script, tls=certificate.server()) as server:
        response = await open_client(server, certificate).post(secure(server.url), content=body)
    assert (len(server.requests[0].body), len(response.content)) == (3_000_000, 5_000_000)


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ([head(), chunk(b"half"), FIN], httpx2.RemoteProtocolError),
        ([head(), chunk(b"half"), RESET], httpx2.ReadError),
        ([head(), chunk(b"half"), HANG], httpx2.ReadTimeout),
        ([FIN], httpx2.RemoteProtocolError),
    ],
)
async def test_faults_are_named_as_without_tls(
    open_client: Open, certificate: Certificate, script: list[Step], error: type[Exception]
) -> None:
    async with upstream(script, tls=certificate.server()) as server:
        with pytest.raises(error):
            await open_client(server, certificate).get(secure(server.url), timeout=httpx2.Timeout(10, read=0.2))


async def test_a_body_may_end_with_the_connection(open_client: Open, certificate: Certificate) -> None:
    async with upstream([b"HTTP/1.1 200 OK\r\n\r\nhello", FIN], tls=certificate.server()) as server:
        assert (await open_client(server, certificate).get(secure(server.url))).text == "hello"


async def test_leaving_an_answer_closes_its_socket(open_client: Open, certificate: Certificate) -> None:
    async with upstream([head(), chunk(b"a"), HANG], tls=certificate.server()) as server:
        async with open_client(server, certificate).stream("GET", secure(server.url)):
            pass
        await server.requests[0].wait_until_left()


async def test_a_certificate_for_another_name_is_refused_and_told(open_client: Open, certificate: Certificate) -> None:
    async with upstream(script_answer(b"hello"), tls=certificate.server()) as server:
        client = open_client(f"localhost:{server.port}", certificate)
        with pytest.raises(httpx2.ConnectError) as refused:
            await client.get(f"https://localhost:{server.port}")
    assert isinstance(refused.value.__cause__, ssl.SSLCertVerificationError)
    assert server.requests == []


async def test_a_certificate_that_nobody_vouches_for_is_refused_and_told(
    open_client: Open, certificate: Certificate
) -> None:
    async with upstream(script_answer(b"hello"), tls=certificate.server()) as server:
        with pytest.raises(httpx2.ConnectError) as refused:
            await open_client(server).get(secure(server.url))
    assert isinstance(refused.value.__cause__, ssl.SSLCertVerificationError)


async def test_a_server_that_speaks_no_tls_is_told(open_client: Open, certificate: Certificate) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(httpx2.ConnectError) as refused:
            await open_client(host, certificate).get(f"https://{host}")
    assert isinstance(refused.value.__cause__, ssl.SSLError)


async def test_a_handshake_that_does_not_end_is_a_connect_timeout(open_client: Open, certificate: Certificate) -> None:
    async with upstream([HANG]) as server:
        with pytest.raises(httpx2.ConnectTimeout):
            await open_client(server, certificate).get(secure(server.url), timeout=httpx2.Timeout(10, connect=0.1))
