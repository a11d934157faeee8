"""Answers scrapes of this process at a port of its own, in a thread of its own, one scrape at a time.

Several processes of a machine have the same settings: each takes the first free port from the configured one on.
"""

import asyncio
import errno
import hmac
import logging
import socket
from collections.abc import Callable, Iterable
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.core.exceptions import ImproperlyConfigured
from prometheus_client import CollectorRegistry, ProcessCollector, make_wsgi_app

from flows.totals.run_totals import run_totals
from server.metrics.address import MetricsAddress
from server.metrics.collector import MillraceCollector, Role

logger = logging.getLogger(__name__)

PATH = "/metrics"
MAX_PORTS = 64
"""As many as there are processes at most."""
SILENCE_S = 5.0
"""How long whoever asks may be silent. Meanwhile nobody else is answered."""
LOOK_S = 3_600.0
"""How often the thread would look whether it is to end. It ends with the process."""

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]


def serve_metrics(address: MetricsAddress, role: Role) -> None:
    """Let this process be scraped until it ends. Call it on the event loop. Raises ImproperlyConfigured."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(MillraceCollector(asyncio.get_running_loop(), role))
    ProcessCollector(registry=registry)
    server = _listen(address)
    server.set_app(guard(make_wsgi_app(registry), address.token))
    run_totals.is_on = True
    Thread(target=server.serve_forever, args=(LOOK_S,), name="metrics", daemon=True).start()
    logger.info("metrics_served", extra={"host": address.host, "port": server.server_port})


def guard(app: WsgiApp, token: str) -> WsgiApp:
    """Return an application that passes on scrapes which have the token, and refuses everything else."""
    expected = f"Bearer {token}".encode()

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        given = environ.get("HTTP_AUTHORIZATION", "").encode("latin1")
        if token and not hmac.compare_digest(given, expected):
            return _refuse(start_response, "401 Unauthorized", ("WWW-Authenticate", "Bearer"))
        if environ["PATH_INFO"] != PATH:
            return _refuse(start_response, "404 Not Found")
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _refuse(start_response, "405 Method Not Allowed", ("Allow", "GET, HEAD"))
        return app(environ, start_response)

    return answer


def _refuse(start_response: StartResponse, status: str, *headers: tuple[str, str]) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/plain; charset=utf-8"), *headers])
    return [f"{status}\n".encode()]


class _QuietHandler(WSGIRequestHandler):
    timeout = SILENCE_S

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing: a scrape comes every few seconds."""


class _Listener(WSGIServer):
    def server_bind(self) -> None:
        """Listen, without asking for the name of the host, which can take seconds."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Write a line in the form of the others."""
        logger.warning("scrape_failed", exc_info=True)


class _ListenerV6(_Listener):
    address_family = socket.AF_INET6


def _listen(address: MetricsAddress) -> _Listener:
    kind = _ListenerV6 if ":" in address.host else _Listener
    for port in range(address.port, address.port + MAX_PORTS):
        try:
            return kind((address.host, port), _QuietHandler)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                reason = error.strerror or type(error).__name__
                message = f"Metrics cannot be served at {address.host}, port {port}: {reason}."
                raise ImproperlyConfigured(
                    f"{message} Check MILLRACE_METRICS_BIND and MILLRACE_METRICS_PORT."
                ) from None
    last = address.port + MAX_PORTS - 1
    raise ImproperlyConfigured(f"The ports {address.port} to {last} are taken. Choose another MILLRACE_METRICS_PORT.")
