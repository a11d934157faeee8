"""Checks values of any size without holding up the event loop. Pure."""

from typing import Any

from actions.contract.fair_thread import FairThread, ThreadLimits
from actions.json_schema.budget import MAX_STEPS, TIME_LIMIT_S, Budget, OverBudget
from actions.json_schema.compile import CompiledSchema
from actions.json_schema.misfit import Misfit

QUICK_STEPS = 3_000
"""How much is checked on the loop at once: one to four milliseconds."""
MAX_CHECKS = 100
"""How many checks may be in the thread or wait for it."""
MAX_CHECKS_PER_WORKSPACE = 20

# One for the process, because it bounds what all checks together take from other work.
_thread = FairThread("schema", ThreadLimits(MAX_CHECKS, MAX_CHECKS_PER_WORKSPACE))


async def check_value(schema: CompiledSchema, value: Any) -> Misfit | None:
    """Return the first place where the value does not fit, or None.

    A small check is done at once, a larger one in a thread. When the caller is cancelled, the thread goes on until its
    budget ends. Raises OverBudget, and ActionError `busy` when too many checks wait.
    """
    try:
        return schema.find_misfit(value, Budget(QUICK_STEPS))
    except OverBudget as error:
        if error.limit != "steps":
            raise
    return await _thread.call(lambda: schema.find_misfit(value, Budget(MAX_STEPS, TIME_LIMIT_S)))
