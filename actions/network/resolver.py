"""Which addresses a host leads to, judged before any of them is dialled. Knows nothing of HTTP but its error."""

import asyncio
import socket
from ipaddress import ip_address

import httpx2

from actions.network.policy import NetworkPolicy, is_public


class AddressNotAllowed(httpx2.ConnectError):
    """The host leads to an address that the policy does not allow."""


async def find_addresses(policy: NetworkPolicy, host: str, port: int) -> list[str]:
    """Return the addresses of a host, IPv6 first. A name is looked up once; an address is its own.

    Raises AddressNotAllowed if the policy forbids one of them, and OSError for a name that is not known.
    """
    is_literal, is_allowed = _is_address(host), policy.is_allowed(host, port)
    if not is_allowed and not is_literal and _looks_like_address(host):
        raise AddressNotAllowed("The address is not written in its usual form.")
    addresses = [host] if is_literal else await _look_up(host, port)
    if not is_allowed and not all(is_public(address) for address in addresses):
        raise AddressNotAllowed("The host leads to an address that is not public.")
    return addresses


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _looks_like_address(host: str) -> bool:
    """Return whether a host may be read as an address: a system dials `127.1` and `2130706433` as 127.0.0.1."""
    return ":" in host or host.replace(".", "").isdigit()


async def _look_up(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    try:
        entries = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise socket.gaierror("The host is not a valid name.") from error
    addresses = dict.fromkeys(str(entry[4][0]) for entry in entries)
    return sorted(addresses, key=lambda address: ":" not in address)
