"""Flows, runs and the catalogue over REST."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from actions.describe import catalogue
from actions.registry import actions
from flows import plans, services
from flows.api.documents import flow_document, flow_rows, run_document
from flows.assets import icon
from flows.models import Flow, Run
from web.body import GRAPH
from web.errors import ApiError, not_found
from web.requests import check_query, query_number
from web.serializers import NameField, StrictSerializer, TextField
from web.views import endpoint
from workspaces.access import Permission
from workspaces.api.base import WorkspaceView

MAX_RUNS = 200


class NewFlow(StrictSerializer):
    name = NameField()
    description = TextField(max_length=500, allow_blank=True, default="")
    graph = serializers.JSONField(required=False)


class ChangedFlow(StrictSerializer):
    name = NameField(required=False)
    description = TextField(max_length=500, allow_blank=True, required=False)


class SavedGraph(StrictSerializer):
    revision = serializers.IntegerField(min_value=1)
    graph = serializers.JSONField()


class FlowView(WorkspaceView):
    body_limits = GRAPH

    def flow(self, flow_id: UUID) -> Flow:
        return services.flow_of(self.caller.workspace_id, flow_id, self.caller.flows)


class Flows(FlowView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view", "POST": "edit"}

    def get(self, request: Request) -> Response:
        rows = flow_rows(self.caller.workspace_id)
        allowed = self.caller.flows
        return Response({"flows": [row for row in rows if allowed is None or row["id"] in allowed]})

    def post(self, request: Request) -> Response:
        given = self.read(NewFlow)
        if self.caller.flows is not None:
            raise ApiError(403, "not_allowed", "This API key is for certain flows and cannot add one.")
        flow = services.create_flow(self.caller.workspace_id, **given)
        return Response(flow_document(flow), status=201)


class FlowItem(FlowView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view", "PATCH": "edit", "DELETE": "edit"}

    def get(self, request: Request, flow_id: UUID) -> Response:
        return Response(flow_document(self.flow(flow_id)))

    def patch(self, request: Request, flow_id: UUID) -> Response:
        flow = self.flow(flow_id)
        return Response(flow_document(services.rename_flow(flow, **self.read(ChangedFlow))))

    def delete(self, request: Request, flow_id: UUID) -> Response:
        services.delete_flow(self.flow(flow_id))
        return Response(status=204)


class FlowGraph(FlowView):
    permissions: ClassVar[dict[str, Permission]] = {"PUT": "edit"}

    def put(self, request: Request, flow_id: UUID) -> Response:
        flow = self.flow(flow_id)
        given = self.read(SavedGraph)
        saved = services.save_graph(flow, given["revision"], given["graph"])
        return Response({"revision": saved.revision, "analysis": plans.analyse(saved).document()})


class Runs(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view"}

    def get(self, request: Request) -> Response:
        check_query(request._request, ("flow", "limit"))
        limit = query_number(request._request, "limit", default=20, largest=MAX_RUNS)
        rows = Run.objects.filter(workspace_id=self.caller.workspace_id)
        wanted = request._request.GET.get("flow")
        if wanted is not None:
            rows = rows.filter(flow=services.flow_of(self.caller.workspace_id, _uuid(wanted), self.caller.flows))
        return Response({"runs": [run_document(run) for run in rows[:limit]]})


class Catalogue(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view"}

    def get(self, request: Request) -> Response:
        return Response(catalogue())


@endpoint("GET")
async def action_icon(request: HttpRequest, action_type: str) -> HttpResponse:
    """Serve an action's icon. It is part of the program and says nothing of any workspace."""
    action = actions().get(action_type)
    if action is None:
        raise not_found()
    return HttpResponse(icon(action), content_type="image/svg+xml", headers={"Cache-Control": "max-age=3600"})


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ApiError(400, "bad_parameter", "flow must be the id of a flow.", field="flow") from None
