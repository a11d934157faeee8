"""Flows, runs and the catalogue over REST."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from actions.contract.assets import icon
from actions.contract.catalogue import catalogue
from actions.contract.registry import actions
from actions.contract.shapes import Catalogue as CatalogueShape
from flows import services, shapes
from flows.api.documents import flow_document, flow_rows, run_document
from flows.graph.document import Graph
from flows.models import Flow, Run
from flows.runs import plan_cache
from web.body import GRAPH
from web.errors import ApiError, not_found
from web.openapi import NOBODY, Answer, operation, ref
from web.requests import check_query, query_number
from web.serializers import NameField, StrictSerializer, TextField
from web.views import endpoint
from workspaces.access import Permission
from workspaces.api.base import WorkspaceView

MAX_RUNS = 200
RUNS_OF = (
    OpenApiParameter("flow", OpenApiTypes.UUID, description="Only the runs of this flow."),
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MAX_RUNS, "default": 20}),
)
SVG = Answer({"type": "string"}, media="image/svg+xml")


@extend_schema_field(ref(Graph, "validation"))
class GraphField(serializers.JSONField):
    """A graph as it was sent; what is wrong with it is for `services.read_graph` to say."""


class NewFlow(StrictSerializer):
    name = NameField()
    description = TextField(max_length=500, allow_blank=True, default="")
    graph = GraphField(required=False)


class ChangedFlow(StrictSerializer):
    name = NameField(required=False)
    description = TextField(max_length=500, allow_blank=True, required=False)


class SavedGraph(StrictSerializer):
    revision = serializers.IntegerField(min_value=1)
    graph = GraphField()


class FlowView(WorkspaceView):
    body_limits = GRAPH

    def flow(self, flow_id: UUID) -> Flow:
        return services.flow_of(self.caller.workspace_id, flow_id, self.caller.flows)


class Flows(FlowView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view", "POST": "edit"}

    @operation("list_flows", "flows", Answer(shapes.FlowList))
    def get(self, request: Request) -> Response:
        """List the flows, the newest change first."""
        rows = flow_rows(self.caller.workspace_id)
        allowed = self.caller.flows
        return Response({"flows": [row for row in rows if allowed is None or row["id"] in allowed]})

    @operation("create_flow", "flows", Answer(shapes.Flow, 201), body=NewFlow)
    def post(self, request: Request) -> Response:
        """Create a flow, empty unless a graph is given."""
        given = self.read(NewFlow)
        if self.caller.flows is not None:
            raise ApiError(403, "not_allowed", "This API key is for certain flows and cannot add one.")
        flow = services.create_flow(self.caller.workspace_id, **given)
        return Response(flow_document(flow), status=201)


class FlowItem(FlowView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view", "PATCH": "edit", "DELETE": "edit"}

    @operation("get_flow", "flows", Answer(shapes.Flow))
    def get(self, request: Request, flow_id: UUID) -> Response:
        """Return the flow with its graph and what the server says of it."""
        return Response(flow_document(self.flow(flow_id)))

    @operation("rename_flow", "flows", Answer(shapes.Flow), body=ChangedFlow)
    def patch(self, request: Request, flow_id: UUID) -> Response:
        """Change the flow's name or description."""
        flow = self.flow(flow_id)
        return Response(flow_document(services.rename_flow(flow, **self.read(ChangedFlow))))

    @operation("delete_flow", "flows", Answer(status=204))
    def delete(self, request: Request, flow_id: UUID) -> Response:
        """Delete the flow and its runs, unless one is going on."""
        services.delete_flow(self.flow(flow_id))
        return Response(status=204)


class FlowGraph(FlowView):
    permissions: ClassVar[dict[str, Permission]] = {"PUT": "edit"}

    @operation("save_graph", "flows", Answer(shapes.GraphSaved), body=SavedGraph)
    def put(self, request: Request, flow_id: UUID) -> Response:
        """Save the graph as the next revision, unless `revision` is not the stored one."""
        flow = self.flow(flow_id)
        given = self.read(SavedGraph)
        saved = services.save_graph(flow, given["revision"], given["graph"])
        return Response({"revision": saved.revision, "analysis": plan_cache.analyse(saved).document()})


class Runs(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view"}

    @operation("list_runs", "runs", Answer(shapes.RunList), query=RUNS_OF)
    def get(self, request: Request) -> Response:
        """List the runs, the newest first."""
        check_query(request._request, ("flow", "limit"))
        limit = query_number(request._request, "limit", default=20, largest=MAX_RUNS)
        rows = Run.objects.filter(workspace_id=self.caller.workspace_id).defer("kept")
        wanted = request._request.GET.get("flow")
        if wanted is not None:
            rows = rows.filter(flow=services.flow_of(self.caller.workspace_id, _uuid(wanted), self.caller.flows))
        return Response({"runs": [run_document(run) for run in rows[:limit]]})


class Catalogue(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view"}

    @operation("list_actions", "actions", Answer(CatalogueShape))
    def get(self, request: Request) -> Response:
        """Return all actions: what the palette, the cards and the form are made from."""
        return Response(catalogue())


@operation("get_action_icon", "actions", SVG, auth=NOBODY)
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
