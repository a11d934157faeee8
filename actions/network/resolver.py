"""Which addresses a host leads to, judged before any of them is dialled. Knows nothing of HTTP but its error."""

import asyncio
import socket
from ipaddress import ip_address

import httpx2
from aiohttp.abc import AbstractResolver, ResolveResult

from actions.network.policy import NetworkPolicy, is_public


class AddressNotAllowed(httpx2.ConnectError):
    """The host leads to an address that the policy does not allow."""


class GuardedResolver(AbstractResolver):
    """Resolves a name once and returns its addresses; raises AddressNotAllowed if the policy forbids one of them."""

    def __init__(self, policy: NetworkPolicy) -> None:
        self._policy = policy

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        try:
            entries = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        except UnicodeError as error:
            raise socket.gaierror("The host is not a valid name.") from error
        addresses = _interleave_families(list(dict.fromkeys(str(entry[4][0]) for entry in entries)))
        if not self._policy.is_allowed(host, port) and not all(is_public(address) for address in addresses):
            raise AddressNotAllowed("The host leads to an address that is not public.")
        return [_build_result(host, address, port) for address in addresses]

    async def close(self) -> None:
        """Nothing is held open."""


def check_literal_host(policy: NetworkPolicy, host: str, port: int) -> None:
    """Raise AddressNotAllowed where the host itself is an address that is not allowed, or looks like one and is none.

    aiohttp dials what looks like an address without asking the resolver. What it holds for one is judged here:
    also `127.1` and `2130706433`, which a system dials as 127.0.0.1.
    """
    if policy.is_allowed(host, port) or not (":" in host or host.replace(".", "").isdigit()):
        return
    try:
        allowed = is_public(str(ip_address(host)))
    except ValueError:
        allowed = False
    if not allowed:
        raise AddressNotAllowed("The address is not public, or is not written in its usual form.")


def _interleave_families(addresses: list[str]) -> list[str]:
    """Return the two families in turn, so that one broken family costs one try."""
    six = [address for address in addresses if ":" in address]
    four = [address for address in addresses if ":" not in address]
    pairs = zip(six, four, strict=False)
    return list(dict.fromkeys([*(address for pair in pairs for address in pair), *addresses]))


def _build_result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=flags)
