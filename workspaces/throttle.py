"""Limits how often something may happen. The counts are in the database, which all server processes share. Sync."""

import hashlib
import math
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from actions.contract.errors import DomainError
from workspaces.models import ThrottleWindow


@dataclass(frozen=True, slots=True)
class Throttle:
    """Allows `max_events` events in a window, for each combination of parts: an address, a user name, a workspace."""

    name: str
    """Keeps the counts of different throttles apart."""
    max_events: int
    window_s: int
    """The window begins with the first event."""

    def is_full(self, *parts: str) -> bool:
        open_windows = ThrottleWindow.objects.filter(pk=self._get_key(parts), ends_at__gt=timezone.now())
        return open_windows.filter(count__gte=self.max_events).exists()

    def check(self, *parts: str) -> None:
        """Raise DomainError (`too_many`) when the window is full."""
        if self.is_full(*parts):
            raise self.build_refusal()

    def read_rest_s(self, *parts: str) -> int:
        """Return after how many seconds the window ends, in which something was counted; 1 at least."""
        window = ThrottleWindow.objects.filter(pk=self._get_key(parts)).first()
        rest = window.ends_at - timezone.now() if window else timedelta()
        return max(math.ceil(rest.total_seconds()), 1)

    def count(self, *parts: str) -> None:
        key = self._get_key(parts)
        if not self._count_in_open_window(key):
            ThrottleWindow.objects.filter(ends_at__lte=timezone.now()).delete()
            self._open_window(key)

    def build_refusal(self) -> DomainError:
        minutes = -(-self.window_s // 60)
        message = f"There were too many attempts. Try again in {minutes} minutes."
        return DomainError("too_many", "too_many_attempts", message, retry_after_s=self.window_s)

    def _count_in_open_window(self, key: str) -> bool:
        open_windows = ThrottleWindow.objects.filter(pk=key, ends_at__gt=timezone.now())
        return bool(open_windows.update(count=F("count") + 1))

    def _open_window(self, key: str) -> None:
        ends_at = timezone.now() + timedelta(seconds=self.window_s)
        try:
            with transaction.atomic():
                ThrottleWindow.objects.create(key=key, count=1, ends_at=ends_at)
        except IntegrityError:  # another event of the same moment has opened it
            self._count_in_open_window(key)

    def _get_key(self, parts: tuple[str, ...]) -> str:
        return hashlib.sha256(chr(0).join((self.name, *parts)).encode()).hexdigest()
