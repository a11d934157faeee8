"""Decides which document is indexed next, and how long its turn lasts. Sync, for the thread that indexes.

Workspaces take turns, so that one that uploads a thousand files delays another's by one turn. The documents of a
workspace take turns too; the oldest begins.

When a turn is over and other documents wait, the worker is ended. In its next turn the document goes on behind the
chunks that are stored, and its file is read again. So that most of a turn is no repetition, it lasts at least
`READINGS_PER_TURN` times as long as the reading took.
"""

import time
from uuid import UUID

from django.db.models import Min, QuerySet

from document_collections.models import Document, DocumentStatus
from web.process_id import PROCESS_ID

TURN_S = 30.0
READINGS_PER_TURN = 2
MAX_DOCUMENT_S = 1800.0
"""The longest time for one document, in all its turns together."""


class IndexingTurn:
    """The time in which one document is indexed."""

    def __init__(self, document: Document, used_s: float) -> None:
        """`used_s` is how long the document's earlier turns lasted."""
        self.document = document
        self.limit_s = MAX_DOCUMENT_S - used_s
        """When this turn has lasted so long, the document has had all its time."""
        self._began = time.monotonic()
        self._length_s = TURN_S

    def note_reading(self) -> None:
        """Make the turn as long as the reading of the file, which has ended, asks for."""
        self._length_s = max(TURN_S, READINGS_PER_TURN * self.get_seconds())

    def is_over(self) -> bool:
        """Whether it has lasted long enough, and another document waits."""
        others = list_waiting().exclude(pk=self.document.pk)
        return self.get_seconds() >= self._length_s and others.exists()

    def get_seconds(self) -> float:
        """Return how long it has lasted."""
        return time.monotonic() - self._began


class IndexingTurns:
    """Gives the documents that wait their turns."""

    def __init__(self) -> None:
        self._numbers: dict[UUID, int] = {}
        """By workspace and by document: the number of its last turn. Forgotten when nothing waits."""
        self._used_s: dict[UUID, float] = {}
        """By document: how long its turns have lasted."""

    def begin_next(self) -> IndexingTurn | None:
        """Begin the turn of the document that is next; return None when none waits."""
        oldest = list_waiting().values_list("collection__workspace_id").annotate(oldest=Min("created_at"))
        workspaces = [workspace_id for workspace_id, _ in oldest.order_by("oldest")]
        if not workspaces:
            self._numbers.clear()
            self._used_s.clear()
            return None
        workspace_id = self._take_longest_ago(workspaces)
        of_workspace = list_waiting().filter(collection__workspace_id=workspace_id).order_by("created_at")
        if documents := list(of_workspace.values_list("pk", flat=True)):
            document_id = self._take_longest_ago(documents)
            rows = Document.objects.filter(pk=document_id).select_related("collection__connection")
            if found := rows.first():
                return IndexingTurn(found, self._used_s.get(found.pk, 0.0))
        return self.begin_next()  # it was deleted in between

    def end(self, turn: IndexingTurn, *, is_last: bool) -> None:
        """Note how long the turn has lasted; forget the document when it was its last one."""
        id = turn.document.pk
        if is_last:
            self._used_s.pop(id, None)
            self._numbers.pop(id, None)
        else:
            self._used_s[id] = self._used_s.get(id, 0.0) + turn.get_seconds()

    def _take_longest_ago(self, ids: list[UUID]) -> UUID:
        """Return the one whose last turn was longest ago, the first of several, and count this turn."""
        taken = min(ids, key=lambda id: self._numbers.get(id, 0))
        self._numbers[taken] = max(self._numbers.values(), default=0) + 1
        return taken


def list_waiting() -> QuerySet[Document]:
    """Return the documents of this process that wait to be indexed, and the one that is being indexed."""
    return Document.objects.filter(status=DocumentStatus.INDEXING, uploaded=True, worker=PROCESS_ID)
