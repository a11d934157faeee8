"""What is held back: a server is not read while nobody takes its answer, and not written to while it does not read."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from actions.network.answer import Answer, AnswerLimits
from actions.network.transport import GuardedTransport
from tests.actions.anthropic.upstream import NOTICED_WITHIN_S
from tests.actions.network.dialling import Certificate, allow

BLOCK = b"x" * 65_535 + b"\n"
OFFERED_BLOCKS = 1024
"""64 MB: several times what the kernel holds for a socket at its most, and far more than is kept here."""
MOST_TAKEN_BYTES = 24 * 1024 * 1024
"""What the kernel's buffers of both ends take at most, with what is kept here."""


class Source:
    """A server that offers more than anybody takes at once."""

    def __init__(self) -> None:
        self.host = ""
        self.sent_bytes = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % (len(BLOCK) * OFFERED_BLOCKS))
        writer.transport.set_write_buffer_limits(high=0)
        try:
            for _ in range(OFFERED_BLOCKS):
                writer.write(BLOCK)
                await writer.drain()
                self.sent_bytes += len(BLOCK)
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def wait_until_stalled(self) -> None:
        """Return when nothing has been sent for a second."""
        async with asyncio.timeout(60):
            earlier = -1
            while self.sent_bytes != earlier:
                earlier = self.sent_bytes
                await asyncio.sleep(1)


@pytest.fixture
async def source() -> AsyncIterator[Source]:
    served = Source()
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0)
    served.host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield served
    server.close()


@asynccontextmanager
async def open_answer(source: Source) -> AsyncIterator[httpx2.Response]:
    limits = AnswerLimits(total_bytes=len(BLOCK) * OFFERED_BLOCKS)
    transport = GuardedTransport(allow(source.host), limits=limits)
    async with (
        httpx2.AsyncClient(transport=transport, trust_env=False, timeout=60) as client,
        client.stream("GET", f"http://{source.host}") as response,
    ):
        yield response


async def test_a_server_is_held_back_while_its_answer_is_not_read(source: Source) -> None:
    async with open_answer(source) as response:
        await source.wait_until_stalled()
        assert source.sent_bytes < MOST_TAKEN_BYTES
        assert sum([len(piece) async for piece in response.aiter_raw()]) == len(BLOCK) * OFFERED_BLOCKS


class FullSink:
    """A sink that takes no more until it is emptied."""

    def __init__(self, answer: Answer) -> None:
        self.taken_bytes = 0
        self.ended = asyncio.Event()
        self._answer = answer

    def take(self, data: bytes) -> None:
        self.taken_bytes += len(data)
        self._answer.pause()

    def end(self, error: httpx2.TransportError | None) -> None:
        self.ended.set()

    async def empty_until_end(self) -> None:
        while not self.ended.is_set():
            self._answer.resume()
            await asyncio.sleep(0)


async def test_a_server_is_held_back_while_a_sink_is_full(source: Source) -> None:
    async with open_answer(source) as response:
        answer: Answer = response.extensions["answer"]
        sink = FullSink(answer)
        answer.push_to(sink)
        await source.wait_until_stalled()
        assert source.sent_bytes < MOST_TAKEN_BYTES
        assert sink.taken_bytes < 1024 * 1024
        await asyncio.wait_for(sink.empty_until_end(), 60)
        assert sink.taken_bytes == len(BLOCK) * OFFERED_BLOCKS


Answering = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serve(answering: Answering, certificate: Certificate | None = None) -> AsyncIterator[str]:
    """Serve by a function; yield the `host:port`."""
    tls = certificate.server() if certificate else None
    server = await asyncio.start_server(answering, "127.0.0.1", 0, ssl=tls)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


LARGE = b"x" * 30_000_000
WITHIN = httpx2.Timeout(30, write=0.3)


async def test_an_answer_that_begins_before_the_request_is_written_gets_the_rest_of_it() -> None:
    received: list[int] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n")
        received.append(len(await reader.readexactly(len(LARGE))))
        writer.write(b"hello")
        writer.close()

    async with serve(answer) as host:
        transport = GuardedTransport(allow(host))
        async with httpx2.AsyncClient(transport=transport, trust_env=False, timeout=30) as client:
            assert (await client.post(f"http://{host}", content=LARGE)).text == "hello"
    assert received == [len(LARGE)]


@pytest.mark.parametrize("is_secure", [False, True], ids=["plain", "TLS"])
async def test_a_server_that_does_not_read_is_not_written_to_for_ever(tmp_path: Path, is_secure: bool) -> None:
    left = asyncio.Event()

    async def ignore(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # a stream's transport reads
        await left.wait()
        writer.transport.abort()

    certificate = Certificate(tmp_path) if is_secure else None
    async with serve(ignore, certificate) as host:
        trusted = certificate.client() if certificate else None
        transport = GuardedTransport(allow(host), ssl_context=trusted)
        async with httpx2.AsyncClient(transport=transport, trust_env=False, timeout=WITHIN) as client:
            with pytest.raises(httpx2.WriteTimeout):
                await client.post(f"http{'s' if is_secure else ''}://{host}", content=LARGE)
        left.set()


async def test_a_server_that_ends_its_side_before_it_has_read_the_request_is_not_waited_for() -> None:
    left = asyncio.Event()

    async def half_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # a stream's transport reads
        writer.write_eof()
        await left.wait()
        writer.transport.abort()

    async with serve(half_close) as host:
        transport = GuardedTransport(allow(host))
        async with httpx2.AsyncClient(transport=transport, trust_env=False, timeout=30) as client:
            with pytest.raises(httpx2.RemoteProtocolError):
                await asyncio.wait_for(client.post(f"http://{host}", content=LARGE), NOTICED_WITHIN_S)
        left.set()


async def test_an_answer_of_a_server_that_then_ends_its_side_is_whole() -> None:
    gone = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nhello")
        writer.write_eof()
        await reader.read()  # the client closes its side as well
        gone.set()
        writer.close()

    async with serve(answer) as host:
        transport = GuardedTransport(allow(host))
        async with httpx2.AsyncClient(transport=transport, trust_env=False, timeout=30) as client:
            assert (await client.get(f"http://{host}")).text == "hello"
            await asyncio.wait_for(gone.wait(), NOTICED_WITHIN_S)


async def test_what_a_server_has_not_read_when_it_ends_its_answer_is_not_sent() -> None:
    answered = asyncio.Event()
    read_bytes: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\n\r\nhello")
        writer.write_eof()
        await answered.wait()
        count = 0
        try:
            while data := await reader.read(2**20):
                count += len(data)
        except ConnectionResetError:
            pass
        read_bytes.set_result(count)
        writer.close()

    async with serve(answer) as host:
        transport = GuardedTransport(allow(host))
        response = await transport.handle_async_request(httpx2.Request("POST", f"http://{host}", content=LARGE))
        assert await response.aread() == b"hello"
        answered.set()
        assert await asyncio.wait_for(read_bytes, NOTICED_WITHIN_S) < len(LARGE)
        await transport.aclose()


async def test_a_server_that_closes_at_once_is_an_error_and_no_wait() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        host = f"127.0.0.1:{listening.getsockname()[1]}"

        async def close_each() -> None:
            while True:
                accepted, _ = await asyncio.get_running_loop().sock_accept(listening)
                accepted.close()

        closing = asyncio.create_task(close_each())
        transport = GuardedTransport(allow(host))
        async with httpx2.AsyncClient(transport=transport, trust_env=False, timeout=30) as client:
            for _ in range(20):
                with pytest.raises((httpx2.RemoteProtocolError, httpx2.ReadError)):
                    await asyncio.wait_for(client.get(f"http://{host}"), NOTICED_WITHIN_S)
        closing.cancel()
