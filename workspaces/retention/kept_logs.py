"""How long a workspace keeps the logs of its finished runs, and of how many. Sync.

The server has a rule for all workspaces. An admin may keep less in one, by age and by number, and never more.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction

from actions.contract.errors import DomainError
from web.lookups import fetch_all
from workspaces.audit.record import Actor, Subject, record
from workspaces.models import Workspace

OWN_RULES = (
    "SELECT id, keep_logs_days, keep_logs_runs FROM workspaces_workspace "
    "WHERE keep_logs_days IS NOT NULL OR keep_logs_runs IS NOT NULL"
)
ALL_RULES = "SELECT id, keep_logs_days, keep_logs_runs FROM workspaces_workspace"


class KeepRule(NamedTuple):
    """What is kept at most; a log goes as soon as one of both says so. None: that alone ends no log."""

    days: int | None
    """After the end of the run."""
    runs: int | None
    """Of the workspace, those that have ended last."""


def get_server_rule() -> KeepRule:
    """Return what the server keeps of every workspace at most."""
    return KeepRule(settings.MILLRACE_KEEP_LOGS_DAYS or None, settings.MILLRACE_KEEP_LOGS_RUNS or None)


def read_own_rule(workspace_id: UUID) -> KeepRule:
    """Return the workspace's own rule, as it was set."""
    row = Workspace.objects.values_list("keep_logs_days", "keep_logs_runs").get(pk=workspace_id)
    return KeepRule(*row)


def list_rules() -> Iterator[tuple[UUID, KeepRule]]:
    """Yield each workspace for which the server's rule of age does not say all, with what holds for it."""
    server = get_server_rule()
    for id, days, runs in fetch_all(ALL_RULES if server.runs else OWN_RULES):
        yield UUID(str(id)), KeepRule(_choose_less(days, server.days), _choose_less(runs, server.runs))


def change_rule(workspace_id: UUID, by: Actor, rule: KeepRule) -> None:
    """Set the workspace's own rule. Raises DomainError `keeps_too_much` when the server keeps less."""
    _require_bounds(rule)
    with transaction.atomic():
        workspace = Workspace.objects.select_for_update().get(pk=workspace_id)
        if rule == (workspace.keep_logs_days, workspace.keep_logs_runs):
            return
        workspace.keep_logs_days, workspace.keep_logs_runs = rule
        workspace.save(update_fields=["keep_logs_days", "keep_logs_runs"])
        record(workspace_id, by, "retention.changed", Subject(workspace.pk, workspace.name), describe_rule(rule))


def describe_rule(rule: KeepRule) -> str:
    """Return a workspace's own rule for the audit log: `7 days, 1,000 runs`."""
    given: Mapping[str, int | None] = rule._asdict()
    return ", ".join(f"{value:,} {name}" for name, value in given.items() if value) or "as the server"


def _require_bounds(rule: KeepRule) -> None:
    own, bounds = rule._asdict(), get_server_rule()._asdict()
    for name, bound in bounds.items():
        if bound and own[name] and own[name] > bound:
            message = f"This server keeps the logs of {bound:,} {name} at most."
            hint = "Choose less, or leave it empty to keep as much as the server does."
            raise DomainError("invalid", "keeps_too_much", message, field=name, hint=hint)


def _choose_less(own: int | None, bound: int | None) -> int | None:
    return min((each for each in (own, bound) if each), default=None)
