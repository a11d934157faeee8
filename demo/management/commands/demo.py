"""`manage.py demo`: create what is missing, then serve. It can run again, because it overwrites nothing."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from demo import seed
from demo.services import ServiceMissing, prepare_services
from server.processes.ports import PortRefused, require_free_port
from workspaces import links


class Command(BaseCommand):
    help = "Prepare the database and the demo workspace, print a sign-in link, and serve on 127.0.0.1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.MILLRACE_DEMO:
            raise CommandError("This command serves a demo. Start it with: make demo")
        try:
            require_free_port(settings.MILLRACE_BIND, settings.MILLRACE_PORT)
        except PortRefused as error:
            raise CommandError(str(error)) from None
        is_scaled = settings.MILLRACE_RUNS == "workers"
        try:
            if is_scaled:
                prepare_services()
        except ServiceMissing as error:
            raise CommandError(str(error)) from None
        call_command("migrate", verbosity=0)
        admin = seed.seed(settings.MILLRACE_SIMULATOR_URL)
        self.stdout.write(f"\n  Millrace runs on {settings.MILLRACE_PUBLIC_URL}")
        self.stdout.write(f"  Sign in once with {links.issue_link(admin)}")
        if is_scaled:
            self.stdout.write("  Two web processes take the calls, and two workers execute the runs.")
        self.stdout.write("  Stop it with Ctrl+C.\n")
        self.stdout.flush()
        if is_scaled:
            call_command("serve", processes=2, workers=2)
        else:
            call_command("serve")
