"""`manage.py prune_logs`: compact and delete now what a server would, and say what that has freed."""

import asyncio
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count, Q, Sum

from actions.contract.sizes import format_size
from flows.models import Run
from server.housekeeping import prune_logs
from web.database import close_pool_connections


class Command(BaseCommand):
    help = "Compact the logs of finished runs, and delete those that are kept no longer. The server may go on."

    def handle(self, *args: Any, **options: Any) -> None:
        expired, stored = count_logs()
        asyncio.run(prune_logs())
        close_pool_connections()
        expired_now, stored_now = count_logs()
        logs, freed = expired_now - expired, format_size(max(0, stored - stored_now))
        self.stdout.write(f"{logs:,} {'log was' if logs == 1 else 'logs were'} deleted, and {freed} are free.")


def count_logs() -> tuple[int, int]:
    """Return how many logs have expired, and how many bytes all runs store."""
    counts = Run.objects.aggregate(expired=Count("pk", filter=~Q(log_expired_at=None)), stored=Sum("stored_bytes"))
    return counts["expired"], counts["stored"] or 0
