"""Whether a call is tried again, and after which pause. Knows nothing of HTTP."""

import random

from actions.anthropic.stream.failures import Failure
from actions.anthropic.stream.parts import Waiting
from actions.anthropic.stream.timing import Timing
from actions.contract.model_calls import failed_calls


class RetryPlan:
    """The tries of one call. A failure that may be repeated once uses that up for the whole call."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._has_repeated_once = False

    def plan_pause(self, failure: Failure, attempt: int, left_s: float) -> Waiting:
        """Return the pause after try number `attempt`; raises the failure when no other try follows.

        `left_s` is what is left of the call's time limit: a pause that does not fit into it is not begun.
        """
        failure.detail["tries"] = attempt
        is_used_up = failure.retry == "once" and self._has_repeated_once
        if failure.retry == "never" or is_used_up or attempt == self._timing.tries:
            raise failure
        self._has_repeated_once = failure.retry == "once" or self._has_repeated_once
        retry_after_s = failure.retry_after_s
        pause_s = self._compute_backoff(attempt) if retry_after_s is None else retry_after_s
        if pause_s > min(self._timing.longest_pause_s, left_s):
            failure.message += "" if retry_after_s is None else f" It asks to wait {retry_after_s:g} s."
            raise failure
        failed_calls["chat", failure.code] += 1  # that of the last try is counted where it is logged
        return Waiting(attempt, pause_s, failure.code, failure.message)

    def _compute_backoff(self, attempt: int) -> float:
        jitter = random.uniform(0.75, 1.25)  # noqa: S311 (it spreads calls, it keeps no secret)
        return self._timing.first_pause_s * jitter * (1 << (attempt - 1))
