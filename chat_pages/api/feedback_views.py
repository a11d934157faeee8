"""What visitors think of answers, over REST, for the members of the workspace."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from actions.contract.errors import DomainError
from chat_pages.api import shapes
from chat_pages.api.documents import RATING_NAMES, RATINGS
from chat_pages.models import ConversationTurn
from flows import services
from flows.addresses import FlowReference
from flows.api.documents import describe_run_rows
from flows.api.flow_views import FlowView
from flows.api.run_views import MAX_RUNS
from flows.models import Run
from web.openapi import Answer, operation
from web.requests import read_query_number
from workspaces.access import Caller, Permission
from workspaces.api.base import WorkspaceView

RATED = (
    OpenApiParameter("rating", {"type": "string", "enum": ["good", "bad"]}, description="Only runs that are rated so."),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "default": 20},
        description=f"The most runs of the list; more than {MAX_RUNS} count as so many.",
    ),
)


class RatedRuns(FlowView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view"}
    query_parameters = ("rating", "limit")

    @operation("list_rated_runs", "runs", Answer(shapes.RatedRunList), query=RATED)
    def get(self, request: Request, flow_id: FlowReference) -> Response:
        """List the runs of the flow whose answers visitors have rated, the newest first. For members only."""
        _require_member(self.caller)
        flow = self.flow(flow_id)
        limit = read_query_number(request._request, "limit", default=20, largest=MAX_RUNS)
        rated = ConversationTurn.objects.filter(conversation__page__flow=flow, **_read_filter(request))
        turns = rated.order_by("-run__started_at", "-pk").only("run_id", "rating", "comment")[:limit]
        feedback = {turn.run_id: _describe(turn) for turn in turns}
        runs = describe_run_rows(Run.objects.filter(pk__in=feedback))
        return Response({"runs": [{**run, "feedback": feedback[UUID(run["id"])]} for run in runs]})


class RunFeedback(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view"}

    @operation("get_run_feedback", "runs", Answer(shapes.RunFeedback))
    def get(self, request: Request, run_id: UUID) -> Response:
        """Return what the visitor thinks of the answer of the run, null without a word. For members only."""
        _require_member(self.caller)
        found = services.get_run(self.caller.workspace_id, run_id)
        turn = ConversationTurn.objects.filter(run_id=found.pk, rating__isnull=False).first()
        return Response({"feedback": _describe(turn) if turn else None})


def _require_member(caller: Caller) -> None:
    if caller.key_id:
        message = "What visitors think of answers is only for members of the workspace, not for API keys."
        raise DomainError("forbidden", "members_only", message, hint="Sign in to see it.")


def _read_filter(request: Request) -> dict[str, Any]:
    rating = request._request.GET.get("rating")
    if rating is None:
        return {"rating__isnull": False}
    if rating not in RATINGS:
        raise DomainError("malformed", "bad_parameter", "rating must be good or bad.", field="rating")
    return {"rating": RATINGS[rating]}


def _describe(turn: ConversationTurn) -> dict[str, Any]:
    return {"rating": RATING_NAMES[turn.rating], "remark": turn.comment}
