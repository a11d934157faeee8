"""Indexes what was uploaded: one document at a time, oldest first, by the worker in a process beside.

The rows are the queue: a document waits while its status is `indexing`. One thread of this process drives the
worker and stores what it sends; it sleeps while there is nothing to do, and ends with the server.
"""

import atexit
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import close_old_connections, connections
from pydantic import SecretStr

from actions.contract.connection import Connection as Kind
from actions.contract.errors import ActionError, DomainError
from actions.vectors.embedding import EmbedderIdentity
from actions.vectors.store import Piece
from document_collections import saving, services
from document_collections.chunk_rows import delete_chunks
from document_collections.embedders import connection_of, identity_of
from document_collections.indexing.worker import Job
from document_collections.models import Document, DocumentStatus
from document_collections.paths import path_of
from web.process import THIS

logger = logging.getLogger(__name__)

LONGEST_S = 1800.0
"""For one document, in all."""
LONGEST_FRAME = 64 * 1024 * 1024
AGAIN = "Upload the file again."


class Indexer:
    """The thread and its worker. `wake` begins it, `stop` ends both."""

    def __init__(self) -> None:
        self._news = threading.Event()
        self._stopped = False
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._worker: subprocess.Popen[bytes] | None = None

    def wake(self) -> None:
        """Say that there is a document to index. Returns at once."""
        with self._lock:
            self._news.set()
            if self._thread is None or not self._thread.is_alive():
                self._stopped = False
                self._thread = threading.Thread(target=self._run, name="indexing", daemon=True)
                self._thread.start()

    def stop(self, limit_s: float = 5.0) -> None:
        """End the worker at once and the thread as soon as it notices; what was under way is marked as failed."""
        with self._lock:
            self._stopped = True
            self._news.set()
            worker, thread = self._worker, self._thread
        if worker:
            worker.kill()
        if thread and thread is not threading.current_thread():
            thread.join(limit_s)

    def _run(self) -> None:
        while not self._stopped:
            self._news.wait()
            self._news.clear()
            try:
                self._work_off()
            except Exception:
                logger.exception("indexing_failed")
            finally:
                connections.close_all()

    def _work_off(self) -> None:
        while not self._stopped:
            close_old_connections()
            waiting = Document.objects.filter(status=DocumentStatus.INDEXING, uploaded=True, worker=THIS)
            document = waiting.select_related("collection__connection").order_by("created_at").first()
            if document is None:
                return
            self._index(document)

    def _index(self, document: Document) -> None:
        path = path_of(document.pk)
        try:
            self._store(document, path)
        except ActionError as error:
            fail(document, error.code, error.message, error.hint)
        except DomainError as error:
            fail(document, error.code, error.message, error.hint)
        except Exception:  # one document must not hold up those behind it
            logger.exception("document_not_indexed", extra={"document": str(document.pk)})
            fail(document, "index_failed", "The document could not be indexed.", "The server's log has the details.")
        finally:
            path.unlink(missing_ok=True)

    def _store(self, document: Document, path: Path) -> None:
        if not path.is_file():
            raise ActionError("interrupted", "The file is not there any more.", AGAIN)
        identity = identity_of(document.collection)
        with self._started(_job(document, path)) as worker:
            assert worker.stdout
            for frame, data in _frames(worker.stdout):
                if frame["type"] == "done":
                    saving.finish(document)
                    return
                if not _taken(document, identity, frame, data):
                    return  # it was deleted meanwhile
        reason = f"signal {-worker.returncode}" if worker.returncode < 0 else f"status {worker.returncode}"
        logger.error("index_worker_ended", extra={"document": str(document.pk), "reason": reason})
        message = "The server was stopped." if self._stopped else "Reading the file ended the process that read it."
        raise ActionError("interrupted" if self._stopped else "index_failed", message, AGAIN)

    @contextmanager
    def _started(self, job: Job) -> Iterator[subprocess.Popen[bytes]]:
        worker = subprocess.Popen(
            [sys.executable, "-m", "document_collections.indexing.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a library's complaint would quote the document
            cwd=settings.BASE_DIR,
        )
        self._worker = worker
        timer = threading.Timer(LONGEST_S, worker.kill)
        timer.daemon = True
        timer.start()
        try:
            if self._stopped:
                worker.kill()
            assert worker.stdin
            worker.stdin.write(job.line())
            worker.stdin.flush()
            yield worker
        except BrokenPipeError:
            pass  # it ended before it had read its job; its status is judged by the caller
        finally:
            timer.cancel()
            self._worker = None
            worker.kill()
            worker.wait()
            for pipe in (worker.stdin, worker.stdout):
                if pipe:
                    _close(pipe)


_indexer = Indexer()
atexit.register(_indexer.stop, 1.0)


def wake() -> None:
    _indexer.wake()


def stop() -> None:
    _indexer.stop()


def recover(living: Sequence[UUID]) -> int:
    """Mark what processes that live no more have left unfinished as failed; return how many there were. Sync."""
    left = list(Document.objects.filter(status=DocumentStatus.INDEXING).exclude(worker__in=living))
    for document in left:
        fail(document, "interrupted", "The server stopped while the document was being indexed.", AGAIN)
        path_of(document.pk).unlink(missing_ok=True)
    return len(left)


def sweep() -> None:
    """Remove the rest of documents whose deletion was cut short. Sync, once, at start."""
    for row in Document.objects.filter(status=DocumentStatus.LEAVING):
        services.remove(row.pk)


def fail(document: Document, code: str, message: str, hint: str | None) -> None:
    """Keep the document with what went wrong, and nothing of its chunks."""
    error = {"code": code, "message": message, "hint": hint}
    wanted = Document.objects.filter(pk=document.pk, status=DocumentStatus.INDEXING)
    if wanted.update(status=DocumentStatus.FAILED, error=error, done=0, total=0):
        delete_chunks(document.pk)


def _job(document: Document, path: Path) -> Job:
    collection = document.collection
    connection = connection_of(collection)
    return Job(
        path=str(path),
        name=document.name,
        media_type=document.media_type,
        model=collection.embedder_model,
        dimension=collection.dimension,
        connection=_values(connection) if connection else None,
        private_hosts=sorted(settings.MILLRACE_NETWORK.private),
    )


def _values(connection: Kind) -> dict[str, Any]:
    """Return the connection's values, secrets included: they go through a pipe to a process of our own."""
    values = {name: getattr(connection, name) for name, _ in connection.list_own_fields()}
    opened = {name: v.get_secret_value() if isinstance(v, SecretStr) else v for name, v in values.items()}
    return {**opened, "kind": connection.kind, "id": connection.id}


def _frames(stream: IO[bytes]) -> Iterator[tuple[dict[str, Any], bytes]]:
    while line := stream.readline(LONGEST_FRAME):
        frame = json.loads(line)
        yield frame, stream.read(frame.get("bytes", 0))


def _taken(document: Document, identity: EmbedderIdentity, frame: dict[str, Any], data: bytes) -> bool:
    """Store what the worker has sent; return whether the document is still wanted."""
    if frame["type"] == "failed":
        raise ActionError(frame["code"], frame["message"], frame["hint"])
    if frame["type"] == "total":
        document.total = frame["total"]
        wanted = Document.objects.filter(pk=document.pk, status=DocumentStatus.INDEXING)
        return bool(wanted.update(total=document.total))
    pieces = [Piece(text, metadata) for text, metadata in frame["chunks"]]
    vectors = np.frombuffer(data, "<f4").reshape(len(pieces), -1)
    return saving.add_chunks(document, identity, pieces, vectors)


def _close(pipe: IO[bytes]) -> None:
    with suppress(OSError):  # what was still to be written has nobody to read it
        pipe.close()
