"""Checks, before a server starts, that it can listen where it is told to."""

import errno
import socket


class PortRefused(Exception):
    """Nothing can listen at this address and port. The message says why, and what to do."""


def require_free_port(host: str, port: int) -> None:
    """Raise PortRefused when a server could not listen on `port` of the address `host`."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise PortRefused(_describe(error, host, port)) from None


def _describe(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use. Choose another one: MILLRACE_PORT={port + 1}, or PORT={port + 1} behind make."
    if error.errno == errno.EACCES:
        return f"Port {port} needs rights that this user does not have. Choose one from 1024: MILLRACE_PORT=8000."
    return f"MILLRACE_BIND is {host!r}, where nothing can listen: {error.strerror}."
