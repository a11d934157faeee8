"""`manage.py demo`: create what is missing, then serve. It can run again, because it overwrites nothing."""

import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from demo import seed
from workspaces import links


class Command(BaseCommand):
    help = "Prepare the database and the demo workspace, print a sign-in link, and serve on 127.0.0.1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.MILLRACE_DEMO:
            raise CommandError("This command serves a demo. Start it with: make demo")
        _refuse_busy_port(settings.MILLRACE_PORT)
        call_command("migrate", verbosity=0)
        admin = seed.seed(settings.MILLRACE_SIMULATOR_URL)
        self.stdout.write(f"\n  Millrace runs on {settings.MILLRACE_PUBLIC_URL}")
        self.stdout.write(f"  Sign in once with {links.issue_link(admin)}")
        self.stdout.write("  Stop it with Ctrl+C.\n")
        self.stdout.flush()
        _serve(settings.MILLRACE_PORT)


def _refuse_busy_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            message = f"Port {port} is in use. Choose another one: make demo PORT={port + 1}"
            raise CommandError(message) from None


def _serve(port: int) -> None:
    """Replace this process with Daphne, so that signals reach it and it starts with an empty memory."""
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "--no-server-name"]
    os.execv(sys.executable, [*command, "config.asgi:application"])  # noqa: S606  # our own interpreter
