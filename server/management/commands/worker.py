"""`manage.py worker`: check what a worker needs, then execute the runs that web processes store."""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from server.preflight import check_start
from server.processes.replace import WORKER, ProcessKind, replace_process, require_possible

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Execute runs that web processes store, until SIGTERM or Ctrl+C. It needs MILLRACE_RUNS=workers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--processes", type=int, default=1, help="how many workers; one by default")

    def handle(self, *args: Any, processes: int, **options: Any) -> None:
        require_possible(processes, "worker")
        if settings.MILLRACE_RUNS != "workers":
            hint = "Set it to 'workers' for web processes and workers alike."
            raise CommandError(f"MILLRACE_RUNS is {settings.MILLRACE_RUNS!r}: web processes execute runs. {hint}")
        try:
            check_start()
        except ImproperlyConfigured as error:
            raise CommandError(f"Millrace cannot start. {error}") from None
        connections.close_all()
        logger.info("starting_workers", extra={"processes": processes})
        replace_process([ProcessKind(processes, WORKER)])
