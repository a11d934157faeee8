"""Limits how often something may happen. The counts are in Django's cache, which is one for each process by default."""

import hashlib
from dataclasses import dataclass

from django.core.cache import cache

from actions.contract.errors import DomainError


@dataclass(frozen=True, slots=True)
class Throttle:
    """Allows `max_events` events in a window, for each combination of parts: an address, a user name, a workspace."""

    name: str
    """Keeps the counts of different throttles apart."""
    max_events: int
    window_s: int
    """The window begins with the first event."""

    def is_full(self, *parts: str) -> bool:
        count: int = cache.get(self._get_key(parts), 0)
        return count >= self.max_events

    def check(self, *parts: str) -> None:
        """Raise DomainError (`too_many`) when the window is full."""
        if self.is_full(*parts):
            raise self.build_refusal()

    def count(self, *parts: str) -> None:
        key = self._get_key(parts)
        if not cache.add(key, 1, self.window_s):
            try:
                cache.incr(key)
            except ValueError:  # the window ended between the two calls
                cache.set(key, 1, self.window_s)

    def build_refusal(self) -> DomainError:
        minutes = -(-self.window_s // 60)
        message = f"There were too many attempts. Try again in {minutes} minutes."
        return DomainError("too_many", "too_many_attempts", message, retry_after_s=self.window_s)

    def _get_key(self, parts: tuple[str, ...]) -> str:
        return f"throttle:{self.name}:{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()}"
