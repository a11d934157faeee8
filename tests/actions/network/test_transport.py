"""The guarded way out: names are resolved once and judged, answers are read under limits."""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from actions.network.answer import AnswerLimits, AnswerTooLarge
from actions.network.policy import NetworkPolicy
from actions.network.resolver import AddressNotAllowed
from actions.network.transport import GuardedTransport
from tests.actions.anthropic.upstream import END, FIN, HANG, RESET, Step, chunk, head, upstream
from tests.actions.network.dialling import Certificate, get, script_answer


@pytest.fixture
def resolve(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Answer the look-ups one after another with the given addresses; returns the list of names asked for."""

    def install(*answers: list[str]) -> list[str]:
        asked: list[str] = []

        async def getaddrinfo(_: Any, host: str, port: int, **__: Any) -> list[Any]:
            asked.append(host)
            addresses = answers[min(len(asked), len(answers)) - 1]
            if not addresses:
                raise socket.gaierror("Scripted")
            return [(0, 0, 0, "", (address, port)) for address in addresses]

        monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", getaddrinfo)
        return asked

    return install


async def test_a_private_address_is_refused_at_connect() -> None:
    async with upstream(script_answer(b"secret")) as server:
        with pytest.raises(AddressNotAllowed):
            await get(GuardedTransport(NetworkPolicy()), server.url)
    assert server.connections == 0


async def test_an_allowed_host_and_port_is_reached() -> None:
    async with upstream(script_answer(b"hello")) as server:
        response = await get(GuardedTransport(NetworkPolicy(frozenset({server.host}))), server.url)
    assert response.text == "hello"


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["::ffff:10.0.0.1"], ["fd00::1"]])
async def test_a_name_with_any_private_address_is_refused(
    resolve: Callable[..., list[str]], addresses: list[str]
) -> None:
    resolve(addresses)
    with pytest.raises(AddressNotAllowed):
        await get(GuardedTransport(NetworkPolicy()), "http://rebinding.example")


async def test_the_socket_is_opened_to_the_address_that_was_judged(
    resolve: Callable[..., list[str]], dial: Callable[..., list[str]]
) -> None:
    names = resolve(["1.1.1.1"], ["127.0.0.1"])
    async with upstream(script_answer(b"hello")) as server:
        dialled = dial(server.port)
        response = await get(GuardedTransport(NetworkPolicy()), "http://rebinding.example")
    assert response.text == "hello"
    assert (names, dialled) == (["rebinding.example"], ["1.1.1.1"])


async def test_the_next_address_is_tried_when_the_first_is_dead(
    resolve: Callable[..., list[str]], dial: Callable[..., list[str]]
) -> None:
    resolve(["1.1.1.1", "9.9.9.9", "2606:4700::1"])
    async with upstream(script_answer(b"hello")) as server:
        dialled = dial(server.port, broken=["2606:4700::1", "1.1.1.1"])
        response = await get(GuardedTransport(NetworkPolicy()), "http://two.example")
    assert response.text == "hello"
    assert dialled == ["2606:4700::1", "1.1.1.1", "9.9.9.9"]


async def test_an_unknown_name_is_a_connect_error(resolve: Callable[..., list[str]]) -> None:
    resolve([])
    with pytest.raises(httpx2.ConnectError):
        await get(GuardedTransport(NetworkPolicy()), "http://nowhere.example")


async def test_a_slow_look_up_ends_with_the_connect_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    async def getaddrinfo(*_: Any, **__: Any) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", getaddrinfo)
    with pytest.raises(httpx2.ConnectTimeout):
        await get(GuardedTransport(NetworkPolicy()), "http://slow.example", timeout=0.01)


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ([head(), chunk(b"half"), FIN], httpx2.RemoteProtocolError),
        ([head(), chunk(b"half"), RESET], httpx2.ReadError),
        ([head(), chunk(b"half"), HANG], httpx2.ReadTimeout),
        ([FIN], httpx2.RemoteProtocolError),
        ([b"SSH-2.0-OpenSSH_9.2\r\n\r\n"], httpx2.RemoteProtocolError),
        ([b"HTTP/1.1 200 OK\r\n" + b"x-filler: 0123456789\r\n" * 6000], httpx2.RemoteProtocolError),
    ],
)
async def test_faults_of_the_socket_are_the_errors_that_httpx2_names(
    script: list[Step], error: type[Exception]
) -> None:
    async with upstream(script) as server:
        transport = GuardedTransport(NetworkPolicy(frozenset({server.host})))
        with pytest.raises(error):
            await get(transport, server.url, timeout=0.1)


@pytest.mark.parametrize(
    "body",
    [[chunk(b"x" * 60)] * 2, [chunk(b"x" * 60 + b"\n")] * 4, [chunk(b"a\n" + b"x" * 60), chunk(b"x" * 60)]],
    ids=["one long line", "many lines", "a long line after a short one"],
)
async def test_an_answer_is_read_up_to_its_limits(body: list[bytes]) -> None:
    async with upstream([head(), *body, END]) as server:
        limits = AnswerLimits(line_bytes=100, total_bytes=200)
        transport = GuardedTransport(NetworkPolicy(frozenset({server.host})), limits=limits)
        with pytest.raises(AnswerTooLarge):
            await get(transport, server.url)


@pytest.mark.parametrize("coding", ["gzip", "Br", "x-gzip", "zstd", "identity, deflate", "gzip;q=1", "novel"])
async def test_a_compressed_answer_is_refused_unread(coding: str) -> None:
    async with upstream([head(content_encoding=coding), HANG]) as server:
        with pytest.raises(AnswerTooLarge):
            await get(GuardedTransport(NetworkPolicy(frozenset({server.host}))), server.url)


@pytest.mark.parametrize("coding", ["identity", "Identity, identity", "none", "UTF-8", "", ",", "binary"])
async def test_an_answer_whose_coding_is_none_is_read(coding: str) -> None:
    async with upstream([head(content_encoding=coding), chunk(b"hello"), END]) as server:
        response = await get(GuardedTransport(NetworkPolicy(frozenset({server.host}))), server.url)
    assert response.text == "hello"


async def test_tls_verifies_the_name_although_the_address_is_dialled(
    resolve: Callable[..., list[str]], dial: Callable[..., list[str]], certificate: "Certificate"
) -> None:
    resolve(["1.1.1.1"])
    async with upstream(script_answer(b"hello"), tls=certificate.server()) as server:
        dial(server.port)
        transport = GuardedTransport(NetworkPolicy(), ssl_context=certificate.client())
        async with httpx2.AsyncClient(transport=transport, trust_env=False) as client:
            assert (await client.get("https://good.example")).text == "hello"
            with pytest.raises(httpx2.ConnectError, match="certificate"):
                await client.get("https://evil.example")


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return Certificate(tmp_path)
