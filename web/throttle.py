"""Counts what must not happen too often, by who does it. Kept in Django's cache: per process by default."""

import hashlib
from dataclasses import dataclass

from django.core.cache import cache

from actions.contract.errors import DomainError


@dataclass(frozen=True, slots=True)
class Throttle:
    """At most `most` counted events in a window of `window_s` seconds, for each combination of parts."""

    name: str
    most: int
    window_s: int

    def is_full(self, *parts: str) -> bool:
        counted: int = cache.get(self._key(parts), 0)
        return counted >= self.most

    def check(self, *parts: str) -> None:
        """Raise DomainError (`too_many`) when the window is full."""
        if self.is_full(*parts):
            raise self.refusal()

    def count(self, *parts: str) -> None:
        key = self._key(parts)
        if not cache.add(key, 1, self.window_s):
            try:
                cache.incr(key)
            except ValueError:  # the window ended between the two calls
                cache.set(key, 1, self.window_s)

    def refusal(self) -> DomainError:
        minutes = -(-self.window_s // 60)
        message = f"There were too many attempts. Try again in {minutes} minutes."
        return DomainError("too_many", "too_many_attempts", message, retry_after_s=self.window_s)

    def _key(self, parts: tuple[str, ...]) -> str:
        return f"throttle:{self.name}:{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()}"
