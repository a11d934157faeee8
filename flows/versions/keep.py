"""Keeps a version of each save, and drops old ones. Sync; within the transaction of the save."""

from django.db.models import Exists, OuterRef
from pydantic_core import to_json

from flows.models import Flow, FlowVersion, Publication, Run

MAX_KEPT_VERSIONS = 200
"""Of a flow, beside those that have a name, were published, or ran."""
MAX_KEPT_BYTES = 16 * 1024 * 1024
"""Of the graphs of these versions. The newest one is kept, however large it is."""


def store_version(flow: Flow, author: str) -> None:
    """Store the graph of the flow as the version of its revision."""
    size = len(to_json(flow.graph))
    FlowVersion.objects.create(
        flow=flow, revision=flow.revision, graph=flow.graph, author=author[:200], stored_bytes=size
    )


def drop_old_versions(flow: Flow) -> None:
    """Delete the oldest versions that nothing needs, as many as are more than may be kept."""
    needed = [Exists(rows.objects.filter(version=OuterRef("pk"))) for rows in (Run, Publication)]
    unneeded = FlowVersion.objects.filter(*(~each for each in needed), flow=flow, name="")
    rows = unneeded.order_by("-revision").values_list("pk", "stored_bytes")
    dropped, kept_bytes = [], 0
    for place, (pk, size) in enumerate(rows):
        kept_bytes += size
        if place and (place >= MAX_KEPT_VERSIONS or kept_bytes > MAX_KEPT_BYTES):
            dropped.append(pk)
    FlowVersion.objects.filter(pk__in=dropped).delete()
