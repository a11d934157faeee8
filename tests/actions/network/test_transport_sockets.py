"""What the guarded way out promises about its sockets, and what httpx2 promises to whoever uses it."""

import asyncio
import gc
import socket
import warnings
from collections.abc import AsyncIterator, Callable, Iterator

import httpx2
import pytest

from actions.network.answer import Answer
from actions.network.policy import NetworkPolicy
from actions.network.resolver import AddressNotAllowed
from actions.network.transport import MAX_CALLS, GuardedTransport
from tests.actions.anthropic.upstream import END, FIN, HANG, RESET, Pause, Step, Upstream, chunk, head, upstream
from tests.actions.network.dialling import get, script_answer

PUBLIC = NetworkPolicy()


def allowed(server: Upstream, max_calls: int = MAX_CALLS) -> GuardedTransport:
    return GuardedTransport(NetworkPolicy(frozenset({server.host})), max_calls=max_calls)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "127.0.0.1.",
        "0177.1",
        "0x7f.0.0.1",
        "2130706433",
        "0x7f000001",
        "0",
        "8.8",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:8.8.8.8]",
        "[64:ff9b::7f00:1]",
        "169.254.169.254",
        "localhost",
    ],
)
async def test_a_host_that_is_a_private_address_in_any_form_is_refused(
    dial: Callable[..., list[str]], host: str
) -> None:
    async with upstream(script_answer(b"secret")) as server:
        dialled = dial(server.port)
        with pytest.raises(AddressNotAllowed):
            await get(GuardedTransport(PUBLIC), f"http://{host}:{server.port}")
    assert dialled == []


@pytest.mark.parametrize("host", ["1.1.1.1", "[2606:4700::1]"])
async def test_a_host_that_is_a_public_address_is_dialled_as_it_is(dial: Callable[..., list[str]], host: str) -> None:
    dialled = dial(0, broken=[host.strip("[]")])
    with pytest.raises(httpx2.ConnectError):
        await get(GuardedTransport(PUBLIC), f"http://{host}")
    assert dialled == [host.strip("[]")]


async def test_another_scheme_is_not_spoken() -> None:
    with pytest.raises(httpx2.UnsupportedProtocol):
        await get(GuardedTransport(PUBLIC), "ws://example.com")


@pytest.mark.parametrize("value", [b"a\nb", b"a\x00", b"a ", b"\xff", b"\x7f"])
async def test_a_header_that_cannot_be_sent_opens_no_socket_and_is_not_told(value: bytes) -> None:
    async with upstream(script_answer(b"hello")) as server:
        with pytest.raises(httpx2.LocalProtocolError) as refused:
            await get(allowed(server), server.url, headers={b"authorization": b"secret" + value})
    assert (server.connections, "secret" in str(refused.value)) == (0, False)


async def test_a_request_goes_out_with_the_headers_that_it_has() -> None:
    async with upstream(script_answer(b"hello")) as server:
        request = httpx2.Request(
            "POST", f"{server.url}/a%2Fb?c=%7E&d=1+2", content=b"[1]", headers={b"x-a": "ä".encode()}
        )
        async with httpx2.AsyncClient(transport=allowed(server), trust_env=False) as client:
            await client.send(request)
    sent = server.requests[0]
    assert (sent.line, sent.body) == ("POST /a%2Fb?c=%7E&d=1+2 HTTP/1.1", [1])
    headers = {name: value for name, value in sent.headers.items() if name}
    assert headers == {"host": server.host, "content-length": "3", "x-a": "ä".encode().decode("latin-1")}


async def test_a_body_that_is_streamed_to_httpx2_is_sent_whole() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"[1,"
        yield b"2]"

    async with (
        upstream(script_answer(b"hello")) as server,
        httpx2.AsyncClient(transport=allowed(server), trust_env=False) as client,
    ):
        await client.post(server.url, content=pieces())
    assert server.requests[0].body == [1, 2]


async def test_a_large_request_arrives_whole() -> None:
    body = b'"' + b"x" * 1_000_000 + b'"'
    async with (
        upstream(script_answer(b"hello")) as server,
        httpx2.AsyncClient(transport=allowed(server), trust_env=False) as client,
    ):
        assert (await client.post(server.url, content=body)).text == "hello"
    assert len(server.requests[0].body) == 1_000_000


@pytest.fixture
def deaf() -> Iterator[socket.socket]:
    """A server that reads nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


async def sent_to(server: socket.socket) -> httpx2.Response:
    host = f"127.0.0.1:{server.getsockname()[1]}"
    transport = GuardedTransport(NetworkPolicy(frozenset({host})))
    async with httpx2.AsyncClient(transport=transport, trust_env=False) as client:
        return await client.post(f"http://{host}", content=b"x" * 30_000_000, timeout=httpx2.Timeout(5, write=0.1))


async def test_a_server_that_does_not_read_a_large_request_is_not_waited_for(deaf: socket.socket) -> None:
    with pytest.raises(httpx2.WriteTimeout):
        await sent_to(deaf)


async def test_an_answer_that_comes_before_a_large_request_is_written_is_read(deaf: socket.socket) -> None:
    sending = asyncio.create_task(sent_to(deaf))
    loop = asyncio.get_running_loop()
    accepted, _ = await loop.sock_accept(deaf)
    with accepted:
        await loop.sock_sendall(accepted, b"HTTP/1.1 413 Scripted\r\ncontent-length: 2\r\n\r\nno")
        response = await sending
    assert (response.status_code, response.text) == (413, "no")


async def test_a_call_beyond_the_maximum_waits_for_its_place() -> None:
    async with (
        upstream([head(), chunk(b"a"), HANG], script_answer(b"hello")) as server,
        httpx2.AsyncClient(transport=allowed(server, max_calls=1), trust_env=False) as client,
    ):
        async with client.stream("GET", server.url):
            with pytest.raises(httpx2.PoolTimeout):
                await client.get(server.url, timeout=httpx2.Timeout(5, pool=0.02))
        assert (await client.get(server.url)).text == "hello"


async def test_sockets_are_shared_and_cookies_are_not_kept() -> None:
    async with (
        upstream(script_answer(b"hello", set_cookie="a=1")) as server,
        httpx2.AsyncClient(transport=allowed(server), trust_env=False) as client,
    ):
        await client.get(server.url)
        client.cookies.clear()
        await client.get(server.url)
    assert (server.connections, "cookie" in server.requests[1].headers) == (1, False)


async def test_an_answer_can_be_read_as_it_comes() -> None:
    script: list[Step] = [head(), chunk(b"a"), Pause(0.02), chunk(b"b"), END]
    async with (
        upstream(script) as server,
        httpx2.AsyncClient(transport=allowed(server), trust_env=False) as client,
        client.stream("GET", server.url) as response,
    ):
        assert [piece async for piece in response.aiter_raw()] == [b"a", b"b"]


@pytest.mark.parametrize(("fault", "error"), [(FIN, httpx2.RemoteProtocolError), (RESET, httpx2.ReadError)])
async def test_a_slow_reader_gets_what_came_before_a_fault(fault: Step, error: type[Exception]) -> None:
    script: list[Step] = [head(), chunk(b"one "), Pause(0.02), chunk(b"two"), Pause(0.02), fault]
    async with (
        upstream(script) as server,
        httpx2.AsyncClient(transport=allowed(server), trust_env=False) as client,
        client.stream("GET", server.url) as response,
    ):
        answer: Answer = response.extensions["answer"]
        await server.requests[0].left.wait()
        await asyncio.sleep(0.02)
        assert await answer.read() == b"one two"
        with pytest.raises(error):
            await answer.read()
        with pytest.raises(error):
            await answer.read()


async def test_a_broken_chunk_is_an_error_of_the_protocol() -> None:
    async with upstream([head(), chunk(b"a"), b"zz\r\n"]) as server:
        with pytest.raises(httpx2.RemoteProtocolError):
            await get(allowed(server), server.url)


async def test_leaving_an_answer_closes_its_socket() -> None:
    async with (
        upstream([head(), chunk(b"a"), HANG]) as server,
        httpx2.AsyncClient(transport=allowed(server), trust_env=False) as client,
    ):
        async with client.stream("GET", server.url):
            pass
        await server.requests[0].wait_until_left()


async def test_closing_closes_the_sockets_that_are_kept_and_leaves_nothing_open(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with upstream(script_answer(b"hello")) as server:
        transport = allowed(server)
        await get(transport, server.url)
        await server.requests[0].wait_until_left()
        del transport
        gc.collect()
    assert caplog.records == []


async def test_a_pool_that_nobody_closed_is_closed_without_a_complaint(caplog: pytest.LogCaptureFixture) -> None:
    async with upstream(script_answer(b"hello")) as server:
        transport = allowed(server)
        response = await transport.handle_async_request(httpx2.Request("GET", server.url))
        assert await response.aread() == b"hello"
        del transport, response
        gc.collect()
        await server.requests[0].wait_until_left()
    assert caplog.records == []


def test_a_pool_outlives_its_loop_without_a_complaint(caplog: pytest.LogCaptureFixture) -> None:
    async def call() -> GuardedTransport:
        async with upstream(script_answer(b"hello")) as server:
            transport = allowed(server)
            response = await transport.handle_async_request(httpx2.Request("GET", server.url))
            assert await response.aread() == b"hello"
            return transport

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # a loop that ends leaves its sockets to the collector
        asyncio.run(call())
        gc.collect()
    assert caplog.records == []
