"""Issues and redeems tickets: each lets the holder hear one run once, on behalf of the API key that asked for it. Sync.

Only the SHA-256 of a ticket is stored.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from actions.contract.errors import DomainError
from web.database import hold_lock
from workspaces.keys import FoundKey, find_key_by_digest
from workspaces.models import StreamTicket

TICKET_LIFETIME = timedelta(minutes=1)
MAX_OPEN_TICKETS = 1_000
"""Of one key: those that are neither used nor expired."""


@transaction.atomic
def issue_ticket(key_id: UUID, key_digest: str, run_id: UUID) -> tuple[str, datetime]:
    """Return a new ticket for a run, and when it expires. Raises DomainError `too_many_tickets`.

    `key_digest` is that of the secret by which the key was found.
    """
    now = timezone.now()
    hold_lock("tickets of a key", key_id)
    StreamTicket.objects.filter(expires_at__lte=now).delete()
    if StreamTicket.objects.filter(api_key_id=key_id).count() >= MAX_OPEN_TICKETS:
        message = f"This API key has {MAX_OPEN_TICKETS:,} tickets that were not used."
        raise DomainError(
            "too_many",
            "too_many_tickets",
            message,
            hint="They expire within a minute.",
            retry_after_s=int(TICKET_LIFETIME.total_seconds()),
        )
    ticket, expires_at = secrets.token_urlsafe(32), now + TICKET_LIFETIME
    StreamTicket.objects.create(
        digest=_compute_digest(ticket), api_key_id=key_id, key_digest=key_digest, run_id=run_id, expires_at=expires_at
    )
    return ticket, expires_at


def redeem_ticket(ticket: str, run_id: UUID) -> FoundKey | None:
    """Use up the ticket, and return the key for which it was made; None when it is used, expired or of another run.

    None also when the key, or the secret that asked for the ticket, has ended since.
    """
    digest = _compute_digest(ticket)
    valid = StreamTicket.objects.filter(digest=digest, run_id=run_id, expires_at__gt=timezone.now())
    key_digest = valid.values_list("key_digest", flat=True).first()
    # Of two requests with one ticket, only one finds it to delete.
    if key_digest is None or not StreamTicket.objects.filter(digest=digest).delete()[0]:
        return None
    return find_key_by_digest(key_digest)


def _compute_digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode(errors="replace")).hexdigest()
