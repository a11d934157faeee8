"""Whether an API key that has limits may start a run now. Sync; for database threads.

The counts are in the database, so that a limit holds over all server processes.
"""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from actions.contract.errors import DomainError
from flows.limits.live_runs import RETRY_AFTER_S
from flows.models import Run, RunStatus
from flows.usage.report import sum_tokens_of_key
from web.database import hold_lock
from workspaces.access import Caller
from workspaces.throttle import Throttle

MINUTE_S = 60
HINT = "An admin of the workspace can change the limits of the key."


def require_within_limits(caller: Caller) -> None:
    """Raise DomainError `limit_key_runs_per_minute`, `limit_key_runs_at_once` or `limit_key_tokens_per_day`.

    Call it within the transaction that stores the run, so that of calls at the same moment only as many pass.
    """
    limits = caller.limits
    if limits is None:
        return
    hold_lock("limits of a key", caller.key_id)
    if (most := limits["runs_per_minute"]) is not None:
        _check_minute(caller, most)
    if (most := limits["runs_at_once"]) is not None:
        _check_at_once(caller, most)
    if (most := limits["tokens_per_day"]) is not None:
        _check_tokens(caller, most)


def count_start(caller: Caller) -> None:
    """Count a run that the caller starts, where the key has a limit for a minute."""
    if caller.limits and (most := caller.limits["runs_per_minute"]) is not None:
        _build_throttle(most).count(str(caller.key_id))


def _build_throttle(most: int) -> Throttle:
    return Throttle("runs-of-key", max_events=most, window_s=MINUTE_S)


def _check_minute(caller: Caller, most: int) -> None:
    throttle = _build_throttle(most)
    if throttle.is_full(str(caller.key_id)):
        wait_s = throttle.read_rest_s(str(caller.key_id))
        raise _build_refusal("limit_key_runs_per_minute", f"{most:,} runs per minute", wait_s)


def _check_at_once(caller: Caller, most: int) -> None:
    if Run.objects.filter(owner=caller.owner, status=RunStatus.RUNNING).count() >= most:
        raise _build_refusal("limit_key_runs_at_once", f"{most:,} runs at once", RETRY_AFTER_S)


def _check_tokens(caller: Caller, most: int) -> None:
    now = timezone.now().astimezone(UTC)
    if caller.key_id and sum_tokens_of_key(caller.workspace_id, caller.key_id, now.date()) >= most:
        midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
        wait_s = max(int((midnight - now).total_seconds()), 1)
        raise _build_refusal("limit_key_tokens_per_day", f"{most:,} tokens per day", wait_s)


def _build_refusal(code: str, limit: str, wait_s: int) -> DomainError:
    message = f"This API key has reached its limit of {limit}."
    return DomainError("too_many", code, message, hint=HINT, retry_after_s=wait_s)
