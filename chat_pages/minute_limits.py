"""How much of one kind the visitors of a page may send in a minute: each, from one address, and all together. Sync."""

from dataclasses import dataclass

from django.http import HttpRequest

from actions.contract.errors import DomainError
from chat_pages.visitors import Visitor
from web.requests import get_client_address
from workspaces.throttle import Throttle

WINDOW_S = 60


@dataclass(frozen=True, slots=True)
class MinuteLimits:
    """The limits of one kind of thing, by the `noun` that a refusal names it with."""

    noun: str
    visitor: Throttle
    address: Throttle
    """Of a client's address, because a visitor can leave the cookie out."""
    page: Throttle

    def count(self, request: HttpRequest, visitor: Visitor) -> None:
        """Count one; raises DomainError `too_many_<noun>` when a limit is reached."""
        counted = (
            (self.visitor, visitor.caller.owner),
            (self.address, get_client_address(request)),
            (self.page, str(visitor.page.pk)),
        )
        if any(limit.is_full(part) for limit, part in counted):
            message = f"There were more {self.noun} than this chat takes in a minute."
            hint = "Wait a minute, then go on."
            raise DomainError("too_many", f"too_many_{self.noun}", message, hint=hint, retry_after_s=WINDOW_S)
        for limit, part in counted:
            limit.count(part)


VISITOR_QUESTIONS = Throttle("chat-page-visitor", max_events=20, window_s=WINDOW_S)
ADDRESS_QUESTIONS = Throttle("chat-page-address", max_events=60, window_s=WINDOW_S)
PAGE_QUESTIONS = Throttle("chat-page", max_events=300, window_s=WINDOW_S)
VISITOR_FILES = Throttle("chat-page-files-visitor", max_events=40, window_s=WINDOW_S)
ADDRESS_FILES = Throttle("chat-page-files-address", max_events=120, window_s=WINDOW_S)
PAGE_FILES = Throttle("chat-page-files", max_events=300, window_s=WINDOW_S)
VISITOR_RATINGS = Throttle("chat-page-ratings-visitor", max_events=20, window_s=WINDOW_S)
ADDRESS_RATINGS = Throttle("chat-page-ratings-address", max_events=60, window_s=WINDOW_S)
PAGE_RATINGS = Throttle("chat-page-ratings", max_events=300, window_s=WINDOW_S)
QUESTION_LIMITS = MinuteLimits("questions", VISITOR_QUESTIONS, ADDRESS_QUESTIONS, PAGE_QUESTIONS)
FILE_LIMITS = MinuteLimits("files", VISITOR_FILES, ADDRESS_FILES, PAGE_FILES)
RATING_LIMITS = MinuteLimits("ratings", VISITOR_RATINGS, ADDRESS_RATINGS, PAGE_RATINGS)
