"""Visits to chat pages: how a caller without a key has come to one flow. The pages are of a higher room.

What a visitor has opened ends when the page no longer lets the visitor in. So the room of the pages registers here
what finds the visits that still hold.
"""

from collections.abc import Callable, Collection
from typing import NamedTuple
from uuid import UUID


class Visit(NamedTuple):
    """By which page, and by which rule and address of it, a caller has access."""

    page_id: UUID
    access: str
    """The rule of the page that let the caller in."""
    token: str
    """The secret part of the link that the caller has; empty where the page is open without one."""
    visitor_id: str
    """Who it is, for a person who is no member of the workspace; empty for a member."""
    origin: str = ""
    """The site in whose pages the visitor sees the page, in a frame; empty on the page itself."""


FindOpenVisits = Callable[[Collection[Visit]], frozenset[Visit]]


class OpenVisits:
    """Finds those of the given visits that still hold. Sync."""

    def __init__(self) -> None:
        self._find: FindOpenVisits = lambda _: frozenset()

    def register(self, find: FindOpenVisits) -> None:
        """Let `find` judge visits, in the place of what judged them before. Called by `AppConfig.ready`."""
        self._find = find

    def find(self, visits: Collection[Visit]) -> frozenset[Visit]:
        return self._find(visits) if visits else frozenset()


open_visits = OpenVisits()
"""Of the process, as the app registry of Django is, which fills it."""
