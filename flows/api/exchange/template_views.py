"""Templates over REST: what there is to begin with, and a flow made from one."""

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from flows.api import shapes
from flows.api.documents import describe_flow
from flows.graph.document import Graph
from flows.templates.gallery import Template, read_templates, use_template
from web.openapi import Answer, operation
from web.shapes import Shape
from workspaces.access import Permission
from workspaces.api.base import WorkspaceView


class TemplateNeed(Shape):
    """What a template needs of the workspace: a connection of a kind, or a collection."""

    type: str
    kind: str | None
    name: str


class FlowTemplate(Shape):
    """A flow to begin with. `graph` is the one that a flow made from it begins with, for its picture."""

    name: str
    title: str
    description: str
    needs: list[TemplateNeed]
    graph: Graph


class FlowTemplateList(Shape):
    templates: list[FlowTemplate]


class Templates(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view"}

    @operation("list_templates", "flows", Answer(FlowTemplateList))
    def get(self, request: Request) -> Response:
        """List the templates: flows that work as they are, once they have their connection."""
        return Response({"templates": [_describe(template) for template in read_templates()]})


class TemplateUse(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"POST": "edit_shared"}

    @operation("use_template", "flows", Answer(shapes.Flow, 201))
    def post(self, request: Request, name: str) -> Response:
        """Create a flow from the template, bound to what the workspace has."""
        return Response(describe_flow(use_template(self.caller.workspace_id, name, by=self.caller.actor)), status=201)


def _describe(template: Template) -> dict[str, Any]:
    flow = template.file.flows[0]
    return {
        "name": template.name,
        "title": flow.name,
        "description": flow.description,
        "needs": [{"type": each.type, "kind": each.kind, "name": each.name} for each in template.file.placeholders],
        "graph": flow.graph.to_json(),
    }
