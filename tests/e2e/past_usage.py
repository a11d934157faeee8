"""Gives the demo's workspace a month of usage, as housekeeping would have counted it."""

from tests.e2e.conftest import Server

CREATE_USAGE = """
import random
from datetime import timedelta
from django.utils import timezone
from flows.events.model_tokens import ModelTokens, write_model_tokens
from flows.models import Flow, UsageOfDay
from flows.usage.durations import count_durations, write_durations
from workspaces.keys import issue_key
from workspaces.models import User
admin = User.objects.get(username="admin")
workspace = admin.workspaces.get(name="Demo") if admin.workspaces.filter(name="Demo") else admin.workspaces.first()
chance = random.Random(4)
keys = [issue_key(workspace, admin, name=name, policies=["execute"])[0].pk for name in ("Web site", "Night batch")]
for flow in Flow.objects.filter(workspace=workspace)[:4]:
    for age in range(29, -1, -1):
        runs = int(chance.triangular(8, 90, 30))
        first_chunks = count_durations(int(chance.lognormvariate(6.2, 0.5)) for _ in range(runs))
        tokens = [
            ModelTokens("claude-sonnet-5-5", "usual", runs, runs * 1800, runs * 420, runs * 900, runs * 300),
            ModelTokens("house-model-2", "usual", 4, 5200, 900),
        ]
        key = chance.choice([*keys, None])
        caller = "key" if key else chance.choice(["member", "visitor", "schedule"])
        UsageOfDay.objects.create(
            workspace=workspace, day=timezone.now().date() - timedelta(days=age), flow_id=flow.pk, revision=1,
            environment="production", caller=caller, key_id=key, runs=runs,
            failed=chance.choice([0, 0, 1, 3]), cancelled=chance.choice([0, 1]),
            first_chunks=write_durations(first_chunks), tokens=write_model_tokens(tokens),
        )
"""


def create_usage(server: Server) -> None:
    server.manage("shell", "--no-imports", "-c", CREATE_USAGE)
