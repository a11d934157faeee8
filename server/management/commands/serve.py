"""`manage.py serve`: check what a server needs, then serve. This is how Millrace is started in production."""

import importlib.util
import logging
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from document_collections.indexing.waiting_files import check_storage
from server.preflight import check_start
from server.processes.ports import PortRefused, require_free_port
from server.processes.replace import WORKER, ProcessKind, replace_process, require_possible

logger = logging.getLogger(__name__)

SERVERS = {
    "daphne": "-m server.daphne_server -v 0 --no-server-name -b {host} -p {port} config.asgi:application",
    "uvicorn": "-m server.uvicorn_server",
}
"""What Python is asked to run. Under both, Millrace writes the access lines and reads the headers of proxies."""
NEEDED = {"daphne": ["daphne"], "uvicorn": ["uvicorn", "httptools"]}
"""The packages of each server."""


class Command(BaseCommand):
    help = "Serve Millrace on MILLRACE_BIND and MILLRACE_PORT, until SIGTERM or Ctrl+C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--server", choices=SERVERS, default="daphne", help="the ASGI server, daphne by default")
        parser.add_argument("--processes", type=int, help="how many server processes; MILLRACE_PROCESSES by default")
        parser.add_argument("--workers", type=int, default=0, help="how many workers beside them; none by default")

    def handle(self, *args: Any, server: str, processes: int | None, workers: int, **options: Any) -> None:
        host, port = settings.MILLRACE_BIND, settings.MILLRACE_PORT
        count = settings.MILLRACE_PROCESSES if processes is None else processes
        require_possible(count, "server")
        if workers and settings.MILLRACE_RUNS != "workers":
            raise CommandError(f"MILLRACE_RUNS is {settings.MILLRACE_RUNS!r}, so there is nothing for a worker to do.")
        for package in NEEDED[server]:
            if importlib.util.find_spec(package) is None:
                raise CommandError(f"{package} is not installed. Run: {sys.executable} -m pip install {package}")
        try:
            require_free_port(host, port)
            check_start()
            check_storage()
        except (PortRefused, ImproperlyConfigured) as error:
            raise CommandError(f"Millrace cannot start. {error}") from None
        connections.close_all()
        fields = {"address": host, "port": port, "public_url": settings.MILLRACE_PUBLIC_URL, "processes": count}
        logger.info("serving", extra=fields)
        arguments = SERVERS[server].format(host=host, port=port).split()
        replace_process([ProcessKind(count, arguments), ProcessKind(workers, WORKER)])
