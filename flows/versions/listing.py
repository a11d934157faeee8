"""Lists, finds and names the versions of a flow. Sync."""

from collections.abc import Sequence

from django.db.models import Prefetch

from actions.contract.errors import DomainError
from flows.models import Flow, FlowVersion, Publication
from web.errors import build_not_found

MAX_NUMBER = 2**31 - 1
"""Which a database stores as a revision."""
MAX_NAMED_VERSIONS = 500
"""Of a flow. A version that has a name is kept for good."""


def list_versions(flow: Flow, before: int, limit: int) -> Sequence[FlowVersion]:
    """Return the versions whose number is less than `before`, the newest first, without graphs, with publications."""
    publications = Prefetch("publications", Publication.objects.order_by("-id"))
    rows = FlowVersion.objects.filter(flow=flow, revision__lt=before).defer("graph")
    return list(rows.order_by("-revision").prefetch_related(publications)[:limit])


def get_version(flow: Flow, number: int) -> FlowVersion:
    """Return the version; raises DomainError (`not_found`) when the flow has none of this number any more."""
    row = FlowVersion.objects.filter(flow=flow, revision=number).first() if number <= MAX_NUMBER else None
    if row is None:
        raise build_not_found()
    return row


def rename_version(version: FlowVersion, **changes: str) -> FlowVersion:
    """Change the name or the note. Raises DomainError (`conflict`) `limit_named_versions`."""
    if changes.get("name") and not version.name:
        named = FlowVersion.objects.filter(flow_id=version.flow_id).exclude(name="").count()
        if named >= MAX_NAMED_VERSIONS:
            message = f"A flow has {MAX_NAMED_VERSIONS} versions with a name at most."
            raise DomainError("conflict", "limit_named_versions", message, hint="Take the name of another one away.")
    for name, value in changes.items():
        setattr(version, name, value)
    version.save(update_fields=tuple(changes))
    return version
