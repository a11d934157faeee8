"""Which version of a flow an environment runs. Sync; each start asks."""

from typing import Protocol

from actions.contract.errors import DomainError
from flows.models import Flow, FlowVersion
from workspaces.environments import Environment


class FlowPins(Protocol):
    """What says of a flow which version each environment runs, as the row of the flow does."""

    @property
    def revision(self) -> int: ...
    @property
    def test_revision(self) -> int | None: ...
    @property
    def production_revision(self) -> int | None: ...


def get_pinned(flow: FlowPins, environment: Environment) -> int | None:
    """Return the number of the version that the environment runs; None when none is published there."""
    if environment == "production":
        return flow.production_revision
    return flow.test_revision if environment == "test" else flow.revision


def pin_flow(flow: Flow, environment: Environment) -> Flow:
    """Return the flow as the environment runs it: the row, with the graph and the number of that version.

    Raises DomainError `not_published` (`conflict`).
    """
    number = require_pinned(flow, environment)
    if number != flow.revision:
        flow.graph = FlowVersion.objects.values_list("graph", flat=True).get(flow=flow, revision=number)
        flow.revision = number
    return flow


def require_pinned(flow: Flow, environment: Environment) -> int:
    """Return the number of the version that the environment runs; raises DomainError `not_published` (`conflict`)."""
    number = get_pinned(flow, environment)
    if number is None:
        message = f"{flow.name!r} is not published to {environment}."
        hint = "Publish it in the editor, or by POST /api/v1/flows/FLOW/versions/NUMBER/publish."
        raise DomainError("conflict", "not_published", message, hint=hint)
    return number
