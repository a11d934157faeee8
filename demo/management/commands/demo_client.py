"""`manage.py demo_client`: print what a client of the demo flow needs, as shell variables."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from demo.seed import FLOW
from flows.models import Flow
from workspaces import keys


class Command(BaseCommand):
    help = "Create an API key for the demo flow, valid for a day, and print it with the address and the flow's id."

    def handle(self, *args: Any, **options: Any) -> None:
        flow = Flow.objects.filter(name=FLOW).order_by("created_at").select_related("workspace").first()
        if flow is None:
            raise CommandError("There is no demo flow. Start the demo once: make demo")
        expires = timezone.now() + timedelta(days=1)
        fields = {"policies": ["execute"], "flows": [str(flow.pk)], "expires_at": expires}
        _, key = keys.issue_key(flow.workspace, None, name="Demo client", **fields)
        self.stdout.write(f"MILLRACE_URL={settings.MILLRACE_PUBLIC_URL}")
        self.stdout.write(f"MILLRACE_FLOW={flow.pk}")
        self.stdout.write(f"MILLRACE_KEY={key}")
