"""Flows over REST."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from flows import services
from flows.addresses import MAX_ALIASES, FlowReference, find_flow_id
from flows.api import shapes
from flows.api.documents import describe_analysis, describe_flow, list_flow_rows
from flows.graph.document import Graph
from flows.models import MAX_ADDRESS_CHARACTERS, Flow
from web.drf.serializers import NameField, StrictSerializer, TextField, WholeNumberField
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
    address = TextField(max_length=MAX_ADDRESS_CHARACTERS, required=False)
    aliases = serializers.ListField(
        child=TextField(max_length=MAX_ADDRESS_CHARACTERS), required=False, max_length=MAX_ALIASES + 1
    )


class SavedGraph(StrictSerializer):
    revision = WholeNumberField(min_value=1)
    graph = GraphField()


class FlowView(WorkspaceView):
    body_limits = GRAPH_LIMITS

    def flow(self, flow_id: FlowReference) -> Flow:
        id = find_flow_id(self.caller.workspace_id, flow_id)
        return services.get_flow(self.caller.workspace_id, id, self.caller.flows)


class Flows(FlowView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view", "POST": "edit_shared"}

    @operation("list_flows", "flows", Answer(shapes.FlowList))
    def get(self, request: Request) -> Response:
        """List the flows, the newest change first."""
        return Response({"flows": list_flow_rows(self.caller.workspace_id, self.caller.flows)})

    @operation("create_flow", "flows", Answer(shapes.Flow, 201), body=NewFlow)
    def post(self, request: Request) -> Response:
        """Create a flow, empty unless a graph is given."""
        given = self.read(NewFlow)
        flow = services.create_flow(self.caller.workspace_id, **given, by=self.caller.actor)
        return Response(describe_flow(flow), status=201)


class FlowItem(FlowView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view", "PATCH": "edit", "DELETE": "edit"}

    @operation("get_flow", "flows", Answer(shapes.Flow))
    def get(self, request: Request, flow_id: FlowReference) -> Response:
        """Return the flow with its graph and what the server says of it."""
        return Response(describe_flow(self.flow(flow_id)))

    @operation("rename_flow", "flows", Answer(shapes.Flow), body=ChangedFlow)
    def patch(self, request: Request, flow_id: FlowReference) -> Response:
        """Change the flow's name, description or address, or forget old names that address it."""
        flow = self.flow(flow_id)
        changed = services.change_flow(flow, self.read(ChangedFlow), by=self.caller.actor)
        return Response(describe_flow(changed))

    @operation("delete_flow", "flows", Answer(status=204))
    def delete(self, request: Request, flow_id: FlowReference) -> Response:
        """Delete the flow and its runs, unless one is going on or another flow calls it."""
        services.delete_flow(self.flow(flow_id), self.caller.flows, by=self.caller.actor)
        return Response(status=204)


class FlowGraph(FlowView):
    permissions: ClassVar[dict[str, Permission]] = {"PUT": "edit"}

    @operation("save_graph", "flows", Answer(shapes.GraphSaved), body=SavedGraph)
    def put(self, request: Request, flow_id: FlowReference) -> Response:
        """Save the graph as the next version, unless `revision` is not the stored one.

        A graph that is stored already is accepted with any revision: a save whose answer was lost can be sent again.
        """
        flow = self.flow(flow_id)
        given = self.read(SavedGraph)
        saved = services.save_graph(flow, given["revision"], given["graph"], by=self.caller.actor)
        return Response({"revision": saved.revision, "analysis": describe_analysis(saved)})
