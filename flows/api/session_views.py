"""The conversations of the caller with a flow, over REST."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from rest_framework.request import Request
from rest_framework.response import Response

from actions.chat.history import MAX_SESSION_ID_CHARACTERS
from flows import services
from flows.addresses import FlowReference, find_flow_id
from flows.api import shapes
from flows.api.documents import describe_last_run
from flows.models import Flow, Run, SessionName
from web.drf.serializers import SecretField, StrictSerializer, TextField
from web.errors import build_not_found
from web.openapi import Answer, operation
from workspaces.access import Permission
from workspaces.api.base import WorkspaceView

MAX_SESSIONS = 50
MAX_NAME_CHARACTERS = 120


class NamedSession(StrictSerializer):
    """An empty name takes the name away."""

    session_id = SecretField(max_length=MAX_SESSION_ID_CHARACTERS)  # as it is, because a start takes any text
    name = TextField(max_length=MAX_NAME_CHARACTERS, allow_blank=True)


class Sessions(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view", "PATCH": "run"}

    @operation("list_sessions", "flows", Answer(shapes.SessionList))
    def get(self, request: Request, flow_id: FlowReference) -> Response:
        """List the caller's own sessions with the flow, the one that was used last first, 50 at most."""
        flow = self._get_flow(flow_id)
        names = dict(_find_names(flow, self.caller.owner).values_list("session_id", "name"))
        return Response({"sessions": _describe_sessions(_find_runs(flow, self.caller.owner), names)})

    @operation("name_session", "flows", Answer(status=204), body=NamedSession)
    def patch(self, request: Request, flow_id: FlowReference) -> Response:
        """Name one of the caller's own sessions, in place of the name that it had."""
        flow = self._get_flow(flow_id)
        given = self.read(NamedSession)
        if not _find_runs(flow, self.caller.owner).filter(session_id=given["session_id"]).exists():
            raise build_not_found()
        names = _find_names(flow, self.caller.owner)
        if given["name"]:
            names.update_or_create(
                flow=flow, owner=self.caller.owner, session_id=given["session_id"], defaults={"name": given["name"]}
            )
        else:
            names.filter(session_id=given["session_id"]).delete()
        return Response(status=204)

    def _get_flow(self, flow_id: FlowReference) -> Flow:
        id = find_flow_id(self.caller.workspace_id, flow_id)
        return services.get_flow(self.caller.workspace_id, id, self.caller.flows)


def _find_runs(flow: Flow, owner: str) -> QuerySet[Run]:
    return Run.objects.filter(flow=flow, owner=owner)


def _find_names(flow: Flow, owner: str) -> QuerySet[SessionName]:
    return SessionName.objects.filter(flow=flow, owner=owner)


def _describe_sessions(runs: QuerySet[Run], names: Mapping[str, str]) -> list[dict[str, Any]]:
    of_session = runs.filter(session_id=OuterRef("session_id"))
    found = list(
        runs.exclude(session_id="")
        .order_by()
        .values("session_id")
        .annotate(
            runs=Count("pk"),
            last_at=Max("started_at"),
            last=Subquery(of_session.order_by("-started_at").values("pk")[:1]),
            question=Subquery(of_session.order_by("started_at").values("question")[:1]),
        )
        .order_by("-last_at")[:MAX_SESSIONS]
    )
    last_runs = Run.objects.only("status", "started_at").in_bulk([row["last"] for row in found])
    return [
        {
            "session_id": row["session_id"],
            "name": names.get(row["session_id"], ""),
            "question": row["question"] or "",
            "runs": row["runs"],
            "last_run": describe_last_run(last_runs[row["last"]]),
        }
        for row in found
    ]
