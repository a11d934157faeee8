"""Feedback that flows are to be told: stored with the rating, found with the flows that listen, dropped. Sync.

Each change of a rating is a row until the flows that listen have been started, also when the server stops meanwhile.
"""

from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, TextField
from django.db.models.functions import Cast

from actions.chat.feedback_trigger import ChatFeedbackTrigger
from chat_pages.models import ChatPage, Conversation, ConversationTurn, PendingFeedback
from chat_pages.pages import get_link_token
from chat_pages.visitors import PERMISSIONS
from flows.models import FlowVersion
from web.lookups import fetch_all
from workspaces.access import Caller
from workspaces.visits import Visit

FEEDBACK_TRIGGER = ChatFeedbackTrigger.type
MAX_PENDING = 1_000
"""Of a page. What is beyond that is told to no flow."""
MAX_LISTENERS = 20
"""How many flows one feedback starts."""
MAX_TRIES = 5
ANY = "SELECT 1 FROM chat_pages_pendingfeedback LIMIT 1"
"""Asked every ten seconds of every server: without it, an idle one would build a query of four tables each time."""
RATING_WORDS = {1: "good", -1: "bad", None: "none"}


class Listener(NamedTuple):
    """A published flow that begins with feedback."""

    flow_id: UUID
    ratings: str
    """Which feedback it listens to: all, bad or good."""

    def hears(self, row: PendingFeedback) -> bool:
        """Return whether this feedback starts it: what counts now, or what has counted before."""
        return self.ratings == "all" or self.ratings in (RATING_WORDS[row.rating], RATING_WORDS[row.previous_rating])


def store_feedback(turn: ConversationTurn, previous_rating: int | None, previous_comment: str) -> None:
    """Store that the rating of the turn has changed, within the transaction that changes it."""
    if (turn.rating, turn.comment) == (previous_rating, previous_comment):
        return
    of_page = PendingFeedback.objects.filter(turn__conversation__page=turn.conversation.page_id)
    if of_page.count() < MAX_PENDING:
        PendingFeedback.objects.create(
            turn=turn, rating=turn.rating, previous_rating=previous_rating, remark=turn.comment
        )


def list_pending(limit: int) -> list[PendingFeedback]:
    """Return feedback that no flow was started with, the oldest first."""
    if not fetch_all(ANY):
        return []
    rows = PendingFeedback.objects.select_related("turn__run", "turn__conversation__page__flow")
    return list(rows.defer("turn__conversation__page__flow__graph").order_by("pk")[:limit])


def find_listeners(flow_id: UUID, workspace_id: UUID) -> list[Listener]:
    """Return the flows of the workspace whose production version begins with feedback on this flow."""
    versions = FlowVersion.objects.filter(flow__workspace_id=workspace_id, revision=F("flow__production_revision"))
    naming = versions.annotate(text=Cast("graph", TextField())).filter(text__contains=FEEDBACK_TRIGGER)
    found = [
        Listener(version_flow_id, node["properties"].get("ratings", "all"))
        for version_flow_id, graph in naming.order_by("flow_id").values_list("flow_id", "graph")
        for node in graph["nodes"]
        if node["action"] == FEEDBACK_TRIGGER and node["properties"].get("flow") in (None, "", str(flow_id))
    ]
    return found[:MAX_LISTENERS]


def build_caller(conversation: Conversation, flow_id: UUID) -> Caller:
    """Return whoever has given the feedback, as one who may run the flow that listens."""
    page, (kind, _, id) = conversation.page, conversation.owner.partition(":")
    is_member = kind == "user"
    return Caller(
        f"Feedback on the chat page {page}",
        page.flow.workspace_id,
        PERMISSIONS,
        user_id=UUID(id) if is_member else None,
        flows=frozenset({str(flow_id)}),
        environments=("production",),
        visit=None if is_member else _build_visit(page, id),
    )


def build_payload(row: PendingFeedback, answer: str) -> dict[str, Any]:
    """Return what the trigger is given."""
    run, flow = row.turn.run, row.turn.conversation.page.flow
    return {
        "change": _name_change(row),
        "rating": RATING_WORDS[row.rating],
        "previous_rating": RATING_WORDS[row.previous_rating],
        "remark": row.remark,
        "question": str(run.input.get("prompt", "")),
        "answer": answer,
        "run_id": str(run.pk),
        "flow_id": str(flow.pk),
        "flow_name": flow.name,
        "session_id": run.session_id,
    }


def drop(row: PendingFeedback) -> None:
    """Forget the feedback, which was told or cannot be."""
    PendingFeedback.objects.filter(pk=row.pk).delete()


def postpone(row: PendingFeedback) -> bool:
    """Leave the feedback for a later try; return False when there were enough, and it is forgotten."""
    if row.tries + 1 >= MAX_TRIES:
        drop(row)
        return False
    PendingFeedback.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
    return True


def _build_visit(page: ChatPage, visitor_id: str) -> Visit:
    return Visit(page.pk, page.access, get_link_token(page), visitor_id)


def _name_change(row: PendingFeedback) -> str:
    if row.rating is None:
        return "withdrawn"
    return "given" if row.previous_rating is None else "changed"
