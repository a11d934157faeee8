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

from server.ports import PortRefused, require_free_port
from server.preflight import check_start

logger = logging.getLogger(__name__)

SERVERS = {
    "daphne": "-m daphne -v 0 --no-server-name -b {host} -p {port}",
    "uvicorn": "-m uvicorn --no-access-log --no-server-header --no-proxy-headers --host {host} --port {port}",
}
"""What Python is asked to run. Under both, Millrace writes the access lines and reads the headers of proxies."""


class Command(BaseCommand):
    help = "Serve Millrace on MILLRACE_BIND and MILLRACE_PORT, until SIGTERM or Ctrl+C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--server", choices=SERVERS, default="daphne", help="the ASGI server, daphne by default")

    def handle(self, *args: Any, server: str, **options: Any) -> None:
        host, port = settings.MILLRACE_BIND, settings.MILLRACE_PORT
        if importlib.util.find_spec(server) is None:
            raise CommandError(f"{server} is not installed. Run: {sys.executable} -m pip install {server}")
        try:
            require_free_port(host, port)
            check_start()
        except (PortRefused, ImproperlyConfigured) as error:
            raise CommandError(f"Millrace cannot start. {error}") from None
        connections.close_all()
        logger.info("serving", extra={"address": host, "port": port, "public_url": settings.MILLRACE_PUBLIC_URL})
        _replace_process(SERVERS[server].format(host=host, port=port).split())


def _replace_process(arguments: list[str]) -> None:
    """Replace this process with the server, so that signals reach it and it starts with an empty memory."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.chdir(settings.BASE_DIR)
    os.execv(sys.executable, [sys.executable, *arguments, "config.asgi:application"])  # noqa: S606  # our own interpreter
