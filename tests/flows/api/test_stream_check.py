"""The stream by which a page tells what a proxy does, and the socket that sends one message back."""

import json
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.test import AsyncClient, Client

from config.asgi import application
from flows.api.stream_check import open_checks
from flows.wire.http_response import HEADERS
from flows.wire.socket_protocol import TOO_BIG
from web.middleware.cut_short import CutShort
from workspaces.models import Membership
from workspaces.open_access import access_watch

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/api/v1/stream-check"


@pytest.fixture
def browser(client: Client) -> AsyncClient:
    """A signed-in member whose answers can be read piece by piece."""
    signed_in = AsyncClient()
    signed_in.cookies = client.cookies
    return signed_in


async def get(browser: AsyncClient, path: str) -> Any:
    """Return the answer, a stream or JSON, which the stubs do not tell apart."""
    return await browser.get(path)


def open_socket(client: Client | None) -> WebsocketCommunicator:
    cookie = f"sessionid={client.cookies['sessionid'].value}" if client else ""
    headers = [(b"host", b"testserver"), (b"origin", b"http://testserver"), (b"cookie", cookie.encode())]
    return WebsocketCommunicator(application, "/ws/stream-check", headers=headers)


async def test_pieces_come_one_by_one_with_the_headers_of_a_run(browser: AsyncClient) -> None:
    answer = await get(browser, f"{PATH}?pieces=3&pause_ms=20")
    own = [name for name in HEADERS if name != "Vary"]  # to which the session's middleware adds a name
    assert [answer[name] for name in own] == [HEADERS[name] for name in own]
    assert answer["Content-Type"] == "text/event-stream; charset=utf-8"
    pieces = [piece.decode() async for piece in aiter(answer)]
    first_lines = [piece.split("\n")[0] for piece in pieces]
    assert first_lines == ["retry: 1000", *["event: check.piece"] * 3, "event: check.ended"]
    times = [json.loads(piece.split("\n")[1].removeprefix("data: "))["at_ms"] for piece in pieces[1:4]]
    assert times[0] == 0
    assert times[1] >= 19
    assert times[2] >= times[1] + 19
    assert open_checks == {}


async def test_the_next_check_of_a_person_ends_the_one_before(browser: AsyncClient) -> None:
    first = aiter(await get(browser, f"{PATH}?pause_ms=5000"))
    await anext(first)
    await anext(first)
    second = aiter(await get(browser, f"{PATH}?pieces=1"))
    await anext(second)
    with pytest.raises(CutShort):
        await anext(first)
    assert len([piece async for piece in second]) == 2
    assert open_checks == {}


async def test_a_check_ends_with_the_access_of_its_person(browser: AsyncClient) -> None:
    pieces = aiter(await get(browser, f"{PATH}?pause_ms=5000"))
    await anext(pieces)
    await anext(pieces)
    await Membership.objects.all().adelete()
    await access_watch.look()
    with pytest.raises(CutShort):
        await anext(pieces)


@pytest.mark.parametrize("query", ["pieces=0", "pause_ms=x", "pieces=40&pause_ms=15000", "rows=1"])
async def test_a_check_that_would_be_odd_or_long_is_refused(browser: AsyncClient, query: str) -> None:
    answer = await get(browser, f"{PATH}?{query}")
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


async def test_the_socket_echoes_one_message_and_closes(client: Client) -> None:
    socket = open_socket(client)
    assert (await socket.connect(timeout=60))[0]
    await socket.send_to(text_data="echo 1")
    assert await socket.receive_from() == "echo 1"
    assert (await socket.receive_output())["type"] == "websocket.close"


async def test_the_socket_takes_no_long_message(client: Client) -> None:
    socket = open_socket(client)
    assert (await socket.connect(timeout=60))[0]
    await socket.send_to(text_data="x" * 101)
    assert (await socket.receive_output())["code"] == TOO_BIG


async def test_the_socket_opens_for_members_only() -> None:
    socket = open_socket(None)
    assert not (await socket.connect(timeout=60))[0]
