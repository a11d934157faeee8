"""A network that dials this machine."""

import asyncio
import socket
from collections.abc import Callable, Iterable
from typing import Any

import pytest


@pytest.fixture
def dial(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Stand for the network: every socket is opened to `port` of this machine; returns the addresses dialled."""

    def install(port: int, broken: Iterable[str] = ()) -> list[str]:
        asked: list[str] = []
        connect = asyncio.SelectorEventLoop.sock_connect

        async def sock_connect(loop: Any, sock: socket.socket, address: tuple[Any, ...]) -> None:
            asked.append(address[0])
            if address[0] in broken:
                raise ConnectionRefusedError("Scripted")
            await connect(loop, sock, ("127.0.0.1", port))

        monkeypatch.setattr(asyncio.SelectorEventLoop, "sock_connect", sock_connect)
        return asked

    return install
