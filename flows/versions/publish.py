"""Publishes a version of a flow to an environment, and finds the one to roll back to. Sync."""

from django.db import transaction

from actions.contract.errors import DomainError
from flows.models import Flow, FlowVersion, Publication
from flows.versions.pins import get_pinned, require_pinned
from flows.versions.schedules import follow_publication
from workspaces.audit.record import Actor, Subject, record
from workspaces.environments import Environment

MAX_PUBLICATIONS = 100
"""Of a flow in an environment that are remembered. A version whose publication is forgotten can be dropped."""


def publish_version(version: FlowVersion, environment: Environment, note: str, by: Actor) -> Flow:
    """Let calls of the environment run the version from now on; return the flow.

    What runs there already stays published with the note that it has: a call whose answer was lost can be sent again.
    """
    with transaction.atomic():
        # No key is changed: a scheduled start holds its schedule while its commit asks for the key of the flow.
        flow = Flow.objects.select_for_update(no_key=True).get(pk=version.flow_id)
        if get_pinned(flow, environment) == version.revision:
            return flow
        fields = {"environment": environment, "note": note, "author": by.name[:200]}
        Publication.objects.create(flow=flow, version=version, **fields)
        _forget_old(flow, environment)
        setattr(flow, f"{environment}_revision", version.revision)
        flow.save(update_fields=(f"{environment}_revision",))
        follow_publication(flow.pk, environment, version.graph)
        detail = f"version {version.revision} to {environment}"
        record(flow.workspace_id, by, "flow.published", Subject(flow.pk, flow.name), detail)
    return flow


def find_earlier_version(flow: Flow, environment: Environment) -> FlowVersion:
    """Return the newest version that was published there and is older than the one that runs there now.

    Raises DomainError (`conflict`): `not_published`, `nothing_earlier`.
    """
    number = require_pinned(flow, environment)
    earlier = FlowVersion.objects.filter(flow=flow, publications__environment=environment, revision__lt=number)
    version = earlier.order_by("-revision").first()
    if version is None:
        message = f"No version before {number} was published to {environment}."
        raise DomainError("conflict", "nothing_earlier", message, hint="Publish another version instead.")
    return version


def _forget_old(flow: Flow, environment: Environment) -> None:
    """Delete the oldest publications to the environment. The one that counts is the newest."""
    rows = Publication.objects.filter(flow=flow, environment=environment).order_by("-id")
    Publication.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[MAX_PUBLICATIONS:])).delete()
