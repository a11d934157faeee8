"""Which sockets serve another call, and what a call does when the one that was kept is gone."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator

import httpx2
import pytest

from actions.network import socket_pool
from actions.network.answer import Answer
from tests.actions.anthropic.upstream import END, FIN, HANG, NOTICED_WITHIN_S, Pause, Step, chunk, head, upstream
from tests.actions.network.dialling import script_answer
from tests.actions.network.sockets.conftest import Open

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"


class HandServer:
    """A server that does what the test says, at once: no turn of the event loop lies between."""

    def __init__(self, listening: socket.socket) -> None:
        self.host = f"127.0.0.1:{listening.getsockname()[1]}"
        self.accepted: list[socket.socket] = []
        self._listening = listening

    async def accept(self) -> socket.socket:
        accepted, _ = await asyncio.get_running_loop().sock_accept(self._listening)
        self.accepted.append(accepted)
        return accepted

    async def receive(self, accepted: socket.socket) -> bytes:
        return await asyncio.get_running_loop().sock_recv(accepted, 65536)


@pytest.fixture
async def by_hand() -> AsyncIterator[HandServer]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        server = HandServer(listening)
        yield server
        for accepted in server.accepted:
            accepted.close()


async def answer_once(client: httpx2.AsyncClient, server: HandServer) -> socket.socket:
    """Make one good call; return the server's end of its socket."""
    calling = asyncio.create_task(client.get(f"http://{server.host}"))
    accepted = await server.accept()
    await server.receive(accepted)
    accepted.send(ANSWER)
    assert (await calling).text == "hello"
    return accepted


async def test_a_socket_that_the_server_closed_a_moment_ago_is_not_used(open_client: Open, by_hand: HandServer) -> None:
    client = open_client(by_hand.host)
    kept = await answer_once(client, by_hand)
    kept.close()  # the event loop has no turn to notice it before the next call
    async with asyncio.timeout(10):
        await answer_once(client, by_hand)
    assert len(by_hand.accepted) == 2


async def test_a_socket_that_the_server_writes_to_unasked_is_not_used(open_client: Open, by_hand: HandServer) -> None:
    client = open_client(by_hand.host)
    kept = await answer_once(client, by_hand)
    kept.send(b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n")
    async with asyncio.timeout(10):
        await answer_once(client, by_hand)
    assert len(by_hand.accepted) == 2


async def test_a_request_that_was_sent_is_not_sent_again(open_client: Open) -> None:
    async with upstream(script_answer(b"hello"), [FIN], script_answer(b"hello")) as server:
        client = open_client(server)
        await client.get(server.url)
        with pytest.raises(httpx2.RemoteProtocolError):
            await client.get(server.url)
    assert (len(server.requests), server.connections) == (2, 1)


async def test_a_socket_that_is_not_used_for_long_is_closed(open_client: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_pool, "KEEP_ALIVE_S", 0.01)
    async with upstream(script_answer(b"hello")) as server:
        client = open_client(server)
        await client.get(server.url)
        await server.requests[0].wait_until_left()
        assert (await client.get(server.url)).text == "hello"
    assert server.connections == 2


async def test_calls_at_the_same_time_have_sockets_of_their_own(open_client: Open) -> None:
    async with upstream([head(), chunk(b"a"), Pause(0.05), *script_answer(b"b")[1:]]) as server:
        client = open_client(server)
        answers = await asyncio.gather(*(client.get(server.url) for _ in range(20)))
        assert {answer.text for answer in answers} == {"ab"}
        assert server.connections == 20
        await client.get(server.url)
    assert server.connections == 20


class HeldBack:
    """A sink that wants no more than one read."""

    def __init__(self, answer: Answer) -> None:
        self.came = b""
        self.ended = asyncio.Event()
        self._answer = answer

    def take(self, data: bytes) -> None:
        self.came += data
        self._answer.pause()

    def end(self, error: httpx2.TransportError | None) -> None:
        self.ended.set()


async def test_a_socket_that_was_held_back_is_read_in_its_next_call(open_client: Open) -> None:
    script: list[Step] = [head(), Pause(0.05), chunk(b"a") + END]
    async with upstream(script, script_answer(b"hello")) as server:
        client = open_client(server)
        async with client.stream("GET", server.url) as response:
            sink = HeldBack(response.extensions["answer"])
            response.extensions["answer"].push_to(sink)
            await asyncio.wait_for(sink.ended.wait(), NOTICED_WITHIN_S)
        response.extensions["answer"].pause()  # an answer that is over holds nothing back
        assert (await client.get(server.url)).text == "hello"
    assert (sink.came, server.connections) == (b"a", 1)


async def test_an_answer_that_was_left_ends_no_later_call(open_client: Open) -> None:
    async with upstream(script_answer(b"hello")) as server:
        client = open_client(server)
        async with client.stream("GET", server.url) as response:
            await response.aread()
            again = asyncio.create_task(client.get(server.url))
            await asyncio.sleep(0)
        response.extensions["answer"].close()
        assert (await again).text == "hello"
    assert server.connections == 1


async def test_closing_ends_the_calls_that_are_under_way(open_client: Open) -> None:
    script: list[Step] = [head(), chunk(b"a"), HANG]
    async with upstream(script) as server:
        client = open_client(server)
        async with client.stream("GET", server.url) as response:
            pieces = response.aiter_raw()
            assert await anext(pieces) == b"a"
            await client.aclose()
            with pytest.raises(httpx2.ReadError):
                await anext(pieces)
        await server.requests[0].wait_until_left()


async def test_a_socket_whose_call_has_just_ended_may_serve_the_next_one_before_the_first_looks(
    open_client: Open,
) -> None:
    async def call_often() -> None:
        for _ in range(20):
            assert (await client.get(server.url)).text == "hello"
            time.sleep(0.0005)  # noqa: ASYNC251 (many sockets have an answer when the loop looks again)

    async with upstream([ANSWER]) as server:
        client = open_client(server)
        async with asyncio.timeout(NOTICED_WITHIN_S):
            await asyncio.gather(*(call_often() for _ in range(20)))
