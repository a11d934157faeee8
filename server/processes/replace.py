"""Replaces a management command with the processes that it has prepared."""

import os
import sys
from dataclasses import dataclass

from django.conf import settings
from django.core.management.base import CommandError

MAX_PROCESSES = 64
WORKER = ["-m", "server.processes.worker"]
"""What Python is asked to run in a worker."""


@dataclass(frozen=True, slots=True)
class ProcessKind:
    """Some processes of one kind."""

    count: int
    arguments: list[str]
    """What Python is asked to run in each of them."""


def require_possible(count: int, kind: str) -> None:
    """Raise CommandError when this system cannot run so many processes of a kind."""
    if not 1 <= count <= MAX_PROCESSES:
        raise CommandError(f"There can be 1 to {MAX_PROCESSES} {kind} processes, not {count}. Take one for each core.")
    if count > 1 and sys.platform != "linux":
        raise CommandError(f"Several {kind} processes share a machine on Linux only. Start one: --processes 1.")


def replace_process(kinds: list[ProcessKind]) -> None:
    """Replace this process, so that signals reach the new one and it starts with an empty memory.

    The new one is the single process that is asked for, or the parent of all.
    """
    kinds = [kind for kind in kinds if kind.count]
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "MILLRACE_PROCESSES": str(kinds[0].count)}
    os.chdir(settings.BASE_DIR)
    arguments = kinds[0].arguments
    if sum(kind.count for kind in kinds) > 1:
        group = [argument for kind in kinds for argument in ("--", str(kind.count), *kind.arguments)]
        arguments = ["-m", "server.processes.group", *group[1:]]
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606  # our own interpreter
