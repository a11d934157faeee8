"""The versions of a flow over REST: list, read, name, compare, restore, publish, roll back."""

from typing import Any, ClassVar, cast

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from flows import services
from flows.addresses import FlowReference
from flows.api import shapes, version_shapes
from flows.api.documents import describe_flow, format_time
from flows.api.flow_views import FlowView
from flows.api.publish_check import check_publishable
from flows.models import Flow, FlowVersion
from flows.versions.compare import compare_graphs
from flows.versions.listing import MAX_NUMBER, get_version, list_versions, rename_version
from flows.versions.pins import get_pinned
from flows.versions.publish import find_earlier_version, publish_version
from web.drf.serializers import StrictSerializer, TextField, WholeNumberField
from web.openapi import Answer, operation
from web.requests import read_query_number
from workspaces.access import Permission
from workspaces.environments import Environment, require_environment

MAX_VERSIONS = 200
PUBLISHABLE: tuple[Environment, ...] = ("production", "test")
LIST = (
    OpenApiParameter("before", {"type": "integer", "minimum": 1}, description="Only versions with a smaller number."),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "default": 50},
        description=f"The most versions of the list; more than {MAX_VERSIONS} count as so many.",
    ),
)
TO = (
    OpenApiParameter(
        "to", {"type": "integer", "minimum": 1}, description="The version to compare with; the draft by default."
    ),
)


class ChangedVersion(StrictSerializer):
    name = TextField(max_length=120, allow_blank=True, required=False)
    note = TextField(max_length=500, allow_blank=True, required=False)


class NewPublication(StrictSerializer):
    environment = serializers.ChoiceField(
        choices=PUBLISHABLE, error_messages={"invalid_choice": f"This must be one of {', '.join(PUBLISHABLE)}."}
    )
    note = TextField(max_length=500, allow_blank=True, default="")


class Restored(StrictSerializer):
    revision = WholeNumberField(min_value=1)


class VersionView(FlowView):
    def publish(self, flow: Flow, version: FlowVersion, given: dict[str, Any]) -> Response:
        """Publish the version, if callers could run it; answer with the flow."""
        environment = require_environment(given["environment"], self.caller.environments)
        check_publishable(flow, version, environment)
        return Response(describe_flow(publish_version(version, environment, given["note"], self.caller.actor)))


class Versions(VersionView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view"}
    query_parameters = ("before", "limit")

    @operation("list_versions", "versions", Answer(version_shapes.VersionList), query=LIST)
    def get(self, request: Request, flow_id: FlowReference) -> Response:
        """List the versions of the flow, the newest first."""
        flow, query = self.flow(flow_id), request._request
        before = read_query_number(query, "before", default=MAX_NUMBER, largest=MAX_NUMBER)
        limit = read_query_number(query, "limit", default=50, largest=MAX_VERSIONS)
        rows = list_versions(flow, before, limit)
        following = rows[-1].revision if len(rows) == limit else None
        return Response({"versions": [_describe_head(flow, row) for row in rows], "next": following})


class VersionItem(VersionView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view", "PATCH": "edit"}

    @operation("get_version", "versions", Answer(version_shapes.Version))
    def get(self, request: Request, flow_id: FlowReference, number: int) -> Response:
        """Return the version with its graph."""
        flow = self.flow(flow_id)
        version = get_version(flow, number)
        return Response({**_describe_head(flow, version), "graph": version.graph})

    @operation("rename_version", "versions", Answer(version_shapes.VersionHead), body=ChangedVersion)
    def patch(self, request: Request, flow_id: FlowReference, number: int) -> Response:
        """Change the version's name or note. A version with a name is never dropped."""
        flow = self.flow(flow_id)
        version = get_version(flow, number)
        return Response(_describe_head(flow, rename_version(version, **self.read(ChangedVersion))))


class ComparedVersion(VersionView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view"}
    query_parameters = ("to",)

    @operation("compare_version", "versions", Answer(version_shapes.VersionComparison), query=TO)
    def get(self, request: Request, flow_id: FlowReference, number: int) -> Response:
        """Return what differs between the version and another one, or the draft."""
        flow = self.flow(flow_id)
        new = read_query_number(request._request, "to", default=flow.revision, largest=MAX_NUMBER)
        graph = flow.graph if new == flow.revision else get_version(flow, new).graph
        return Response({"old": number, "new": new, **compare_graphs(get_version(flow, number).graph, graph)})


class RestoredVersion(VersionView):
    permissions: ClassVar[dict[str, Permission]] = {"POST": "edit"}

    @operation("restore_version", "versions", Answer(shapes.Flow), body=Restored)
    def post(self, request: Request, flow_id: FlowReference, number: int) -> Response:
        """Save the version's graph as the draft, which is a new version, unless `revision` is not the draft's."""
        flow, given = self.flow(flow_id), self.read(Restored)
        graph = get_version(flow, number).graph
        return Response(describe_flow(services.save_graph(flow, given["revision"], graph, by=self.caller.actor)))


class PublishedVersion(VersionView):
    permissions: ClassVar[dict[str, Permission]] = {"POST": "edit"}

    @operation("publish_version", "versions", Answer(shapes.Flow), body=NewPublication)
    def post(self, request: Request, flow_id: FlowReference, number: int) -> Response:
        """Let calls of an environment run the version from now on, unless it has problems."""
        flow, given = self.flow(flow_id), self.read(NewPublication)
        return self.publish(flow, get_version(flow, number), given)


class RolledBack(VersionView):
    permissions: ClassVar[dict[str, Permission]] = {"POST": "edit"}

    @operation("roll_back", "versions", Answer(shapes.Flow), body=NewPublication)
    def post(self, request: Request, flow_id: FlowReference) -> Response:
        """Publish the newest version that was published there and is older than the one that runs there now."""
        flow, given = self.flow(flow_id), self.read(NewPublication)
        return self.publish(flow, find_earlier_version(flow, given["environment"]), given)


def _describe_head(flow: Flow, version: FlowVersion) -> dict[str, Any]:
    return {
        "number": version.revision,
        "name": version.name,
        "note": version.note,
        "author": version.author,
        "created_at": format_time(version.created_at),
        "is_draft": version.revision == flow.revision,
        "publications": _describe_publications(flow, version),
    }


def _describe_publications(flow: Flow, version: FlowVersion) -> list[dict[str, Any]]:
    """Return them, the newest first. Of several to one environment, the newest is what counts there."""
    rows = sorted(version.publications.all(), key=lambda row: row.pk, reverse=True)
    newest = {row.environment: row.pk for row in reversed(rows)}
    return [
        {
            "environment": row.environment,
            "note": row.note,
            "author": row.author,
            "created_at": format_time(row.created_at),
            "is_current": row.pk == newest[row.environment] and _is_pinned(flow, version, row.environment),
        }
        for row in rows
    ]


def _is_pinned(flow: Flow, version: FlowVersion, environment: str) -> bool:
    return get_pinned(flow, cast(Environment, environment)) == version.revision
