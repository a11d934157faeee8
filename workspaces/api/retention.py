"""The REST view of how long a workspace keeps the logs of its runs, for its admins."""

from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from web.drf.serializers import StrictSerializer, WholeNumberField
from web.openapi import Answer, operation
from workspaces.access import Permission
from workspaces.api import shapes
from workspaces.api.base import WorkspaceView
from workspaces.retention.kept_logs import KeepRule, change_rule, get_server_rule, read_own_rule

MAX_DAYS = 36_500
MAX_RUNS = 1_000_000_000


class KeptLogs(StrictSerializer):
    """What the workspace keeps. What is left out or null is as the server says."""

    days = WholeNumberField(min_value=1, max_value=MAX_DAYS, allow_null=True, default=None)
    runs = WholeNumberField(min_value=1, max_value=MAX_RUNS, allow_null=True, default=None)


class Retention(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "admin", "PUT": "admin"}

    @operation("get_retention", "storage", Answer(shapes.Retention))
    def get(self, request: Request) -> Response:
        """Return how long the workspace keeps the logs of its runs, of how many, and what the server keeps at most."""
        return Response(_describe(read_own_rule(self.caller.workspace_id)))

    @operation("change_retention", "storage", Answer(shapes.Retention), body=KeptLogs)
    def put(self, request: Request) -> Response:
        """Say how long the logs of finished runs are kept, and of how many. Logs beyond that go within minutes."""
        rule = KeepRule(**self.read(KeptLogs))
        change_rule(self.caller.workspace_id, self.caller.actor, rule)
        return Response(_describe(rule))


def _describe(rule: KeepRule) -> shapes.Retention:
    server = get_server_rule()
    return {"days": rule.days, "runs": rule.runs, "server_days": server.days, "server_runs": server.runs}
