"""Indexes uploaded documents: one at a time, in turns, by a worker in a process of its own.

The rows are the queue: a document waits while its status is `indexing`. One thread of this process drives the worker
and stores the chunks that it sends. The thread sleeps while there is nothing to do, and ends with the server.
"""

import atexit
import logging
import threading
from pathlib import Path
from typing import Any

from django.db import close_old_connections, connections

from actions.contract.errors import ActionError, DomainError
from actions.vectors.embedding import EmbedderIdentity
from actions.vectors.store import Piece
from document_collections import saving
from document_collections.embedders import get_identity
from document_collections.indexing.failures import fail_document
from document_collections.indexing.turns import IndexingTurn, IndexingTurns
from document_collections.indexing.waiting_files import UPLOAD_AGAIN_HINT, open_as_path, remove_file
from document_collections.indexing.worker_process import WorkerProcess, build_job
from document_collections.models import Document, DocumentStatus

logger = logging.getLogger(__name__)


class Indexer:
    """Owns the thread that indexes and the worker that it drives. `wake` starts the thread, `stop` ends both."""

    def __init__(self) -> None:
        self._has_work = threading.Event()
        self._is_stopped = False
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._worker: WorkerProcess | None = None
        self._turns = IndexingTurns()

    @property
    def is_working(self) -> bool:
        """Whether a worker runs at this moment."""
        return self._worker is not None

    def wake(self) -> None:
        """Look for documents to index. Returns at once."""
        with self._lock:
            self._has_work.set()
            if self._thread is None or not self._thread.is_alive():
                self._is_stopped = False
                self._thread = threading.Thread(target=self._run, name="indexing", daemon=True)
                self._thread.start()

    def stop(self, limit_s: float = 5.0) -> None:
        """Kill the worker, which marks its document as failed, and wait up to `limit_s` for the end of the thread."""
        with self._lock:
            self._is_stopped = True
            self._has_work.set()
            worker, thread = self._worker, self._thread
        if worker:
            worker.kill()
        if thread and thread is not threading.current_thread():
            thread.join(limit_s)

    def _run(self) -> None:
        while not self._is_stopped:
            self._has_work.wait()
            self._has_work.clear()
            try:
                self._index_all()
            except Exception:
                logger.exception("indexing_failed")
            finally:
                connections.close_all()

    def _index_all(self) -> None:
        while not self._is_stopped:
            close_old_connections()
            turn = self._turns.begin_next()
            if turn is None:
                return
            self._index(turn)

    def _index(self, turn: IndexingTurn) -> None:
        """Index the document until it is ready or has failed, or until its turn is over."""
        document, has_ended = turn.document, True
        try:
            with open_as_path(document.pk) as path:
                has_ended = self._store(turn, path)
        except (ActionError, DomainError) as error:
            fail_document(document, error.code, error.message, error.hint)
        except Exception:  # one document must not stop those that wait behind it
            logger.exception("document_not_indexed", extra={"document": str(document.pk)})
            message, hint = "The document could not be indexed.", "The server's log has the details."
            fail_document(document, "index_failed", message, hint)
        finally:
            self._turns.end(turn, is_last=has_ended)
            if has_ended:
                remove_file(document.pk)

    def _store(self, turn: IndexingTurn, path: Path) -> bool:
        """Store what the worker sends; return False when the turn is over before the document has ended."""
        document = turn.document
        identity = get_identity(document.collection)
        with WorkerProcess(build_job(document, path), turn.limit_s) as worker:
            self._worker = worker
            try:
                if self._is_stopped:
                    worker.kill()
                for frame, vectors in worker.read_frames():
                    if frame["type"] == "done":
                        saving.finish_document(document)
                        return True
                    if not _store_frame(document, identity, frame, vectors):
                        return True  # the document was deleted meanwhile
                    if frame["type"] == "total":
                        turn.note_reading()
                    elif document.done < document.total and turn.is_over():
                        return False
                reason = worker.wait_for_end()
            finally:
                self._worker = None
        logger.error("index_worker_ended", extra={"document": str(document.pk), "reason": reason})
        raise self._explain_end(worker)

    def _explain_end(self, worker: WorkerProcess) -> ActionError:
        """Return why a worker has ended before its document was indexed."""
        if self._is_stopped:
            return ActionError("interrupted", "The server was stopped.", UPLOAD_AGAIN_HINT)
        if worker.lateness:
            return worker.lateness
        return ActionError("index_failed", "The process that read the file has ended.", UPLOAD_AGAIN_HINT)


# One for the process: a second thread would compete for the same documents. Ends before Python waits for its threads.
indexer = Indexer()
atexit.register(indexer.stop, 1.0)


def _store_frame(document: Document, identity: EmbedderIdentity, frame: dict[str, Any], data: bytes) -> bool:
    """Store what the worker has sent; return whether the document still exists. Raises ActionError of the worker."""
    if frame["type"] == "failed":
        raise ActionError(frame["code"], frame["message"], frame["hint"])
    if frame["type"] == "total":
        document.total = frame["total"]
        indexing = Document.objects.filter(pk=document.pk, status=DocumentStatus.INDEXING)
        return bool(indexing.update(total=document.total, warnings=frame["warnings"]))
    import numpy as np

    pieces = [Piece(text, metadata) for text, metadata in frame["chunks"]]
    vectors = np.frombuffer(data, "<f4").reshape(len(pieces), -1)
    return saving.add_chunks(document, identity, pieces, vectors)
