"""Flows over REST."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from actions.contract.errors import DomainError
from flows import services
from flows.api import shapes
from flows.api.documents import describe_flow, list_flow_rows
from flows.graph.document import Graph
from flows.models import Flow
from flows.runs.plan_cache import plan_cache
from web.drf.serializers import NameField, StrictSerializer, TextField
from web.openapi import Answer, operation, refer_to
from web.strict_json import GRAPH_LIMITS
from workspaces.access import Permission
from workspaces.api.base import WorkspaceView


@extend_schema_field(refer_to(Graph, "validation"))
class GraphField(serializers.JSONField):
    """A graph as it was sent; what is wrong with it is for `services.read_graph` to say."""


class NewFlow(StrictSerializer):
    name = NameField()
    description = TextField(max_length=500, allow_blank=True, default="")
    graph = GraphField(required=False, allow_null=True)


class ChangedFlow(StrictSerializer):
    name = NameField(required=False)
    description = TextField(max_length=500, allow_blank=True, required=False)


class SavedGraph(StrictSerializer):
    revision = serializers.IntegerField(min_value=1)
    graph = GraphField()


class FlowView(WorkspaceView):
    body_limits = GRAPH_LIMITS

    def flow(self, flow_id: UUID) -> Flow:
        return services.get_flow(self.caller.workspace_id, flow_id, self.caller.flows)


class Flows(FlowView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view", "POST": "edit"}

    @operation("list_flows", "flows", Answer(shapes.FlowList))
    def get(self, request: Request) -> Response:
        """List the flows, the newest change first."""
        rows = list_flow_rows(self.caller.workspace_id)
        allowed = self.caller.flows
        return Response({"flows": [row for row in rows if allowed is None or row["id"] in allowed]})

    @operation("create_flow", "flows", Answer(shapes.Flow, 201), body=NewFlow)
    def post(self, request: Request) -> Response:
        """Create a flow, empty unless a graph is given."""
        given = self.read(NewFlow)
        if self.caller.flows is not None:
            raise DomainError("forbidden", "not_allowed", "This API key is for certain flows and cannot add one.")
        flow = services.create_flow(self.caller.workspace_id, **given)
        return Response(describe_flow(flow), status=201)


class FlowItem(FlowView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view", "PATCH": "edit", "DELETE": "edit"}

    @operation("get_flow", "flows", Answer(shapes.Flow))
    def get(self, request: Request, flow_id: UUID) -> Response:
        """Return the flow with its graph and what the server says of it."""
        return Response(describe_flow(self.flow(flow_id)))

    @operation("rename_flow", "flows", Answer(shapes.Flow), body=ChangedFlow)
    def patch(self, request: Request, flow_id: UUID) -> Response:
        """Change the flow's name or description."""
        flow = self.flow(flow_id)
        return Response(describe_flow(services.rename_flow(flow, **self.read(ChangedFlow))))

    @operation("delete_flow", "flows", Answer(status=204))
    def delete(self, request: Request, flow_id: UUID) -> Response:
        """Delete the flow and its runs, unless one is going on."""
        services.delete_flow(self.flow(flow_id))
        return Response(status=204)


class FlowGraph(FlowView):
    permissions: ClassVar[dict[str, Permission]] = {"PUT": "edit"}

    @operation("save_graph", "flows", Answer(shapes.GraphSaved), body=SavedGraph)
    def put(self, request: Request, flow_id: UUID) -> Response:
        """Save the graph as the next revision, unless `revision` is not the stored one.

        A graph that is stored already is accepted with any revision: a save whose answer was lost can be sent again.
        """
        flow = self.flow(flow_id)
        given = self.read(SavedGraph)
        saved = services.save_graph(flow, given["revision"], given["graph"])
        return Response({"revision": saved.revision, "analysis": plan_cache.analyse(saved).to_json()})
