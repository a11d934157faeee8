"""What kind of caller a run goes on behalf of. Pure."""

from typing import Literal

CallerKind = Literal["member", "key", "visitor", "schedule"]

OWNER_KINDS: dict[CallerKind, str] = {"member": "user", "key": "key", "visitor": "visitor", "schedule": "schedule"}
"""How an owner begins, as `Caller.owner` writes it: `user:<id>` is a member."""
KINDS_BY_OWNER = {owner: kind for kind, owner in OWNER_KINDS.items()}


def get_caller_kind(owner: str) -> CallerKind | None:
    """Return the kind of the caller that owns a run; None in runs of old versions, which have no owner."""
    return KINDS_BY_OWNER.get(owner.partition(":")[0])
