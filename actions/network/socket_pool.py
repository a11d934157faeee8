"""The sockets of one event loop: opened where the policy allows, and kept for the next call.

A name is resolved once, every address it has is judged, and the socket is opened to an address that was judged, so a
name that changes between check and use gains nothing. TLS still verifies the name.
"""

import asyncio
import socket
import ssl
from contextlib import suppress
from functools import cache

import httpx2
from aiohappyeyeballs import start_connection

from actions.network.http_socket import HttpSocket
from actions.network.policy import NetworkPolicy
from actions.network.request_head import Origin
from actions.network.resolver import find_addresses

KEEP_ALIVE_S = 30
NEXT_ADDRESS_AFTER_S = 0.25
"""How long one address may be silent before the next one is dialled beside it."""


class SocketPool:
    """Gives a socket for each call, and takes it back. Owns every socket until it is closed."""

    def __init__(self, policy: NetworkPolicy, ssl_context: ssl.SSLContext | None = None) -> None:
        self._policy = policy
        self._ssl = ssl_context
        self._open: set[HttpSocket] = set()
        self._idle: dict[Origin, list[HttpSocket]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    async def open(self, origin: Origin, within_s: float | None) -> HttpSocket:
        """Return a socket to a server: one that was kept, or a new one. Look-up, socket and TLS share the time limit.

        Raises ConnectTimeout, AddressNotAllowed, and ConnectError with the cause behind it.
        """
        idle = self._idle.get(origin, [])
        while idle:
            kept = idle.pop()
            if kept.stop_idling():
                return kept
        limit = asyncio.timeout(within_s)
        try:
            async with limit:
                return await self._connect(origin)
        except (OSError, RuntimeError) as error:  # uvloop raises RuntimeError for some of the system's errors
            if limit.expired():
                raise httpx2.ConnectTimeout("The server does not answer.") from error
            raise httpx2.ConnectError(str(error)) from error

    def add(self, opened: HttpSocket) -> None:
        """Own a socket that is open now."""
        self._open.add(opened)

    def keep(self, idle: HttpSocket) -> None:
        """Take back a socket whose call is over, and which can carry another."""
        self._idle.setdefault(idle.origin, []).append(idle)
        idle.start_idling(KEEP_ALIVE_S)

    def forget(self, closed: HttpSocket) -> None:
        """Let go of a socket that is closed."""
        self._open.discard(closed)
        idle = self._idle.get(closed.origin, [])
        if closed in idle:
            idle.remove(closed)

    def close(self) -> None:
        """Close every socket, also those of calls that are under way. Call it in the loop of the sockets."""
        for each in list(self._open):
            each.close()

    def close_from_outside(self) -> None:
        """Close every socket soon, from any thread; nothing if the loop has ended, and its sockets with it."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed
                self._loop.call_soon_threadsafe(self.close)

    async def _connect(self, origin: Origin) -> HttpSocket:
        self._loop = asyncio.get_running_loop()
        raw = await self._dial(origin)
        is_secure = origin.scheme == "https"
        try:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            _, opened = await self._loop.create_connection(
                lambda: HttpSocket(self, origin),
                sock=raw,
                ssl=(self._ssl or load_system_trust()) if is_secure else None,
                server_hostname=origin.host.removesuffix(".") if is_secure else None,
            )
        except BaseException:
            raw.close()
            raise
        return opened

    async def _dial(self, origin: Origin) -> socket.socket:
        addresses = await find_addresses(self._policy, origin.host, origin.port)
        targets = [
            (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, origin.port))
            for address in addresses
        ]
        return await start_connection(targets, happy_eyeballs_delay=NEXT_ADDRESS_AFTER_S)


@cache
def load_system_trust() -> ssl.SSLContext:
    """Return the system's certificates. Loading them takes tens of milliseconds: one context serves the process, and
    the server loads it before its first call."""
    return httpx2.create_ssl_context(trust_env=False)
