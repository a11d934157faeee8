"""Whether a caller who has limits may start a run now: an API key, or a visitor of a chat page.

A key has its limits alone. The limits of a chat page are for all its visitors together, members too. The counts are in
the database, so that a limit holds over all server processes. Sync; for database threads.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from actions.contract.errors import DomainError
from flows.limits.live_runs import RETRY_AFTER_S
from flows.models import Run, RunStatus
from flows.usage.report import sum_tokens_of_key, sum_tokens_without_key
from web.database import hold_lock
from workspaces.access import Caller
from workspaces.throttle import Throttle

MINUTE_S = 60


class LimitedRuns(NamedTuple):
    """The runs that a limit counts: those of a key, or those in production that no key has started, of a chat page."""

    id: str
    throttle: str
    code: str
    """The middle of the codes of refusals."""
    title: str
    hint: str
    all: QuerySet[Run]
    sum_tokens: Callable[[date], int]


def require_within_limits(caller: Caller) -> None:
    """Raise DomainError when a limit is reached.

    Its code is `limit_key_…` or `limit_page_…`, with `runs_per_minute`, `runs_at_once` or `tokens_per_day`. Call it
    within the transaction that stores the run, so that of calls at the same moment only as many pass.
    """
    limits = caller.limits
    if limits is None:
        return
    runs = _find_limited_runs(caller)
    hold_lock(runs.throttle, runs.id)
    if (most := limits["runs_per_minute"]) is not None:
        _check_minute(runs, most)
    if (most := limits["runs_at_once"]) is not None:
        _check_at_once(runs, most)
    if (most := limits["tokens_per_day"]) is not None:
        _check_tokens(runs, most)


def count_start(caller: Caller) -> None:
    """Count a run that the caller starts, where there is a limit for a minute."""
    if caller.limits and (most := caller.limits["runs_per_minute"]) is not None:
        runs = _find_limited_runs(caller)
        _build_throttle(runs, most).count(runs.id)


def _find_limited_runs(caller: Caller) -> LimitedRuns:
    if caller.visit:
        flow_id = next(iter(caller.flows or ()))  # a visit is to the page of one flow
        return LimitedRuns(
            id=str(caller.visit.page_id),
            throttle="runs-of-page",
            code="page",
            title="This chat page",
            hint="Whoever edits the chat page can change its limits.",
            all=Run.objects.filter(flow_id=flow_id, environment="production", api_key_id=None),
            sum_tokens=lambda day: sum_tokens_without_key(caller.workspace_id, UUID(flow_id), day),
        )
    key_id = caller.key_id
    assert key_id  # nobody else has limits
    return LimitedRuns(
        id=str(key_id),
        throttle="runs-of-key",
        code="key",
        title="This API key",
        hint="An admin of the workspace can change the limits of the key.",
        all=Run.objects.filter(owner=caller.owner),
        sum_tokens=lambda day: sum_tokens_of_key(caller.workspace_id, key_id, day),
    )


def _build_throttle(runs: LimitedRuns, most: int) -> Throttle:
    return Throttle(runs.throttle, max_events=most, window_s=MINUTE_S)


def _check_minute(runs: LimitedRuns, most: int) -> None:
    throttle = _build_throttle(runs, most)
    if throttle.is_full(runs.id):
        raise _build_refusal(runs, "runs_per_minute", f"{most:,} runs per minute", throttle.read_rest_s(runs.id))


def _check_at_once(runs: LimitedRuns, most: int) -> None:
    if runs.all.filter(status=RunStatus.RUNNING).count() >= most:
        raise _build_refusal(runs, "runs_at_once", f"{most:,} runs at once", RETRY_AFTER_S)


def _check_tokens(runs: LimitedRuns, most: int) -> None:
    now = timezone.now().astimezone(UTC)
    if runs.sum_tokens(now.date()) >= most:
        midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
        wait_s = max(int((midnight - now).total_seconds()), 1)
        raise _build_refusal(runs, "tokens_per_day", f"{most:,} tokens per day", wait_s)


def _build_refusal(runs: LimitedRuns, limit: str, words: str, wait_s: int) -> DomainError:
    message, code = f"{runs.title} has reached its limit of {words}.", f"limit_{runs.code}_{limit}"
    return DomainError("too_many", code, message, hint=runs.hint, retry_after_s=wait_s)
