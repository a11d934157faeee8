"""The port of a server: whether it is free, and how several processes share it."""

import errno
import socket


class PortRefused(Exception):
    """Nothing can listen at this address and port. The message says why, and what to do."""


def require_free_port(host: str, port: int) -> None:
    """Raise PortRefused when a server could not listen on `port` of the address `host`."""
    try:
        bind(host, port, is_shared=False).close()
    except OSError as error:
        raise PortRefused(_describe(error, host, port)) from None


def bind(host: str, port: int, *, is_shared: bool) -> socket.socket:
    """Return a socket that has the port and does not listen yet. Its owner closes it. Raises OSError.

    A shared port is bound by several processes of one user. The kernel gives each new connection to one of those that
    listen, chosen by a hash of its addresses: that spreads them evenly, also when many come at once.
    """
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    bound = socket.socket(family)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if is_shared:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


def _describe(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use. Choose another one: MILLRACE_PORT={port + 1}, or PORT={port + 1} behind make."
    if error.errno == errno.EACCES:
        return f"Port {port} needs rights that this user does not have. Choose one from 1024: MILLRACE_PORT=8000."
    return f"MILLRACE_BIND is {host!r}, where nothing can listen: {error.strerror}."
