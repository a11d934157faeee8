"""`manage.py serve`: check what a server needs, then serve. This is how Millrace is started in production."""

import importlib.util
import logging
import os
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from server.preflight import check_start
from server.processes.ports import PortRefused, require_free_port

logger = logging.getLogger(__name__)

SERVERS = {
    "daphne": "-m server.daphne_server -v 0 --no-server-name -b {host} -p {port} config.asgi:application",
    "uvicorn": "-m server.uvicorn_server",
}
"""What Python is asked to run. Under both, Millrace writes the access lines and reads the headers of proxies."""
NEEDED = {"daphne": ["daphne"], "uvicorn": ["uvicorn", "httptools"]}
"""The packages of each server."""
MAX_PROCESSES = 64


class Command(BaseCommand):
    help = "Serve Millrace on MILLRACE_BIND and MILLRACE_PORT, until SIGTERM or Ctrl+C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--server", choices=SERVERS, default="daphne", help="the ASGI server, daphne by default")
        parser.add_argument("--processes", type=int, help="how many server processes; MILLRACE_PROCESSES by default")

    def handle(self, *args: Any, server: str, processes: int | None, **options: Any) -> None:
        host, port = settings.MILLRACE_BIND, settings.MILLRACE_PORT
        count = settings.MILLRACE_PROCESSES if processes is None else processes
        _require_possible(count)
        for package in NEEDED[server]:
            if importlib.util.find_spec(package) is None:
                raise CommandError(f"{package} is not installed. Run: {sys.executable} -m pip install {package}")
        try:
            require_free_port(host, port)
            check_start()
        except (PortRefused, ImproperlyConfigured) as error:
            raise CommandError(f"Millrace cannot start. {error}") from None
        connections.close_all()
        fields = {"address": host, "port": port, "public_url": settings.MILLRACE_PUBLIC_URL, "processes": count}
        logger.info("serving", extra=fields)
        arguments = SERVERS[server].format(host=host, port=port).split()
        _replace_process(arguments if count == 1 else ["-m", "server.processes.group", str(count), *arguments], count)


def _require_possible(count: int) -> None:
    """Raise CommandError when this system cannot run so many server processes."""
    if not 1 <= count <= MAX_PROCESSES:
        raise CommandError(f"There can be 1 to {MAX_PROCESSES} server processes, not {count}. Take one for each core.")
    if count > 1 and sys.platform != "linux":
        raise CommandError("Several server processes share a port on Linux only. Start one: --processes 1.")


def _replace_process(arguments: list[str], count: int) -> None:
    """Replace this process with the server, so that signals reach it and it starts with an empty memory."""
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "MILLRACE_PROCESSES": str(count)}
    os.chdir(settings.BASE_DIR)
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606  # our own interpreter
