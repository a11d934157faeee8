"""A call that is cancelled, wherever it waits: its socket is closed at once, and its place is free."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator

import httpx2
import pytest

from tests.actions.anthropic.upstream import HANG, NOTICED_WITHIN_S, Upstream, chunk, head, upstream
from tests.actions.network.dialling import script_answer
from tests.actions.network.sockets.conftest import Open


async def cancel(call: Awaitable[object], when: Callable[[], bool]) -> None:
    """Cancel a call as soon as `when` is true, and see that it ends as cancelled."""
    task = asyncio.ensure_future(call)
    async with asyncio.timeout(NOTICED_WITHIN_S):
        while not when():
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.02)  # it waits now
        task.cancel()
        await asyncio.wait([task])
    assert task.cancelled()


async def check_place(client: httpx2.AsyncClient, server: Upstream) -> None:
    """See that the only place of a client is free."""
    assert (await client.get(server.url, timeout=httpx2.Timeout(10, pool=0.1))).text == "hello"


async def test_while_the_head_is_awaited(open_client: Open) -> None:
    async with upstream([HANG], script_answer(b"hello")) as server:
        client = open_client(server, max_calls=1)
        await cancel(client.get(server.url), lambda: bool(server.requests))
        await server.requests[0].wait_until_left()
        await check_place(client, server)


async def test_while_the_body_is_awaited(open_client: Open) -> None:
    async with upstream([head(), chunk(b"a"), HANG], script_answer(b"hello")) as server:
        client = open_client(server, max_calls=1)
        await cancel(client.get(server.url), lambda: bool(server.requests))
        await server.requests[0].wait_until_left()
        await check_place(client, server)


async def test_while_a_place_is_awaited(open_client: Open) -> None:
    async with upstream([head(), chunk(b"a"), HANG], script_answer(b"hello")) as server:
        client = open_client(server, max_calls=1)
        async with client.stream("GET", server.url):
            await cancel(client.get(server.url), lambda: True)
        await check_place(client, server)
    assert len(server.requests) == 2


async def test_while_the_server_shakes_no_hand(open_client: Open, listening: socket.socket) -> None:
    host = f"127.0.0.1:{listening.getsockname()[1]}"
    client = open_client(host)
    accepting = asyncio.create_task(asyncio.get_running_loop().sock_accept(listening))
    await cancel(client.get(f"https://{host}"), accepting.done)
    accepted, _ = await accepting
    with accepted:
        await read_to_end(accepted)


async def test_while_a_large_request_is_written(open_client: Open, listening: socket.socket) -> None:
    host = f"127.0.0.1:{listening.getsockname()[1]}"
    client = open_client(host)
    accepting = asyncio.create_task(asyncio.get_running_loop().sock_accept(listening))
    await cancel(client.post(f"http://{host}", content=b"x" * 30_000_000), accepting.done)
    accepted, _ = await accepting
    with accepted:
        assert await read_to_end(accepted) < 30_000_000


async def read_to_end(accepted: socket.socket) -> int:
    """Read until the other side has closed; return how many bytes came."""
    count = 0
    async with asyncio.timeout(NOTICED_WITHIN_S):
        try:
            while data := await asyncio.get_running_loop().sock_recv(accepted, 2**20):
                count += len(data)
        except ConnectionResetError:
            pass
    return count


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """A server that accepts and does nothing else."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server
