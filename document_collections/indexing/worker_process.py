"""Runs the worker in a process of its own, and reads the frames that it sends."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from django.conf import settings
from pydantic import SecretStr

from actions.contract.connection import Connection as Kind
from actions.contract.errors import ActionError
from document_collections.embedders import open_collection_connection
from document_collections.indexing.job import CHUNKS_PER_FRAME, Job
from document_collections.indexing.turns import MAX_DOCUMENT_S
from document_collections.models import Document

MAX_READING_S = 120.0
"""The longest time until the file is read and split, from the start of the process."""
MAX_EMBEDDING_S = 240.0
"""The longest time for the chunks of one frame. A call of an embedder that does not answer is tried three times."""
MAX_FRAME_BYTES = 64 * 1024 * 1024
SPLIT_HINT = "Split it into several files."

Frame = tuple[dict[str, Any], bytes]
"""A message of the worker, and the bytes of the vectors that follow it."""


class WorkerProcess:
    """A context manager: starts the worker with a job, and ends it when the block is left or when it takes too long."""

    def __init__(self, job: Job, limit_s: float) -> None:
        """`limit_s` is how long it may take from its start to its end."""
        self._job = job
        self._end = time.monotonic() + limit_s
        self.lateness: ActionError | None = None
        """Set when the worker was ended because it took too long: what it took too long for."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "document_collections.indexing.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a library's complaint would quote the document
            cwd=settings.BASE_DIR,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # the process that would read the rest has ended
                if pipe:
                    pipe.close()

    def read_frames(self) -> Iterator[Frame]:
        """Send the job and yield each frame of the worker, until the worker ends.

        It is ended when the next frame takes too long; `lateness` says so then.
        """
        assert self._process.stdin
        with suppress(BrokenPipeError):  # it ended before it had read its job; the caller looks at its status
            self._process.stdin.write(self._job.encode())
            self._process.stdin.flush()
            frame = self._wait_for_frame(MAX_READING_S, _build_slow_reading())
            while frame:
                yield frame
                frame = self._wait_for_frame(MAX_EMBEDDING_S, _build_slow_embedding())

    def kill(self) -> None:
        """End the worker at once. Callable from any thread."""
        self._process.kill()

    def _wait_for_frame(self, limit_s: float, lateness: ActionError) -> Frame | None:
        """Return the next frame, or None when the worker has ended, which it does after the limit."""
        assert self._process.stdout
        left_s = self._end - time.monotonic()
        if left_s < limit_s:
            limit_s, lateness = max(0.0, left_s), _build_slow_document()
        timer = threading.Timer(limit_s, self._end_late, [lateness])
        timer.daemon = True
        timer.start()
        try:
            return _read_frame(self._process.stdout)
        finally:
            timer.cancel()

    def _end_late(self, lateness: ActionError) -> None:
        self.lateness = lateness
        self.kill()

    def wait_for_end(self) -> str:
        """Return how the worker has ended, for the log: `signal 9` or `status 1`."""
        status = self._process.wait()
        return f"signal {-status}" if status < 0 else f"status {status}"


def build_job(document: Document, path: Path) -> Job:
    """Return the worker's job. Raises DomainError (`invalid`) when the collection's connection cannot be used."""
    collection = document.collection
    connection = open_collection_connection(collection)
    return Job(
        path=str(path),
        name=document.name,
        media_type=document.media_type,
        model=collection.embedder_model,
        dimension=collection.dimension,
        connection=_read_values(connection) if connection else None,
        done=document.done,
        private_hosts=sorted(settings.MILLRACE_NETWORK.private),
    )


def _read_values(connection: Kind) -> dict[str, Any]:
    """Return the connection's values with its secrets, which go through a pipe to our own process and nowhere else."""
    values = {name: getattr(connection, name) for name, _ in connection.list_own_fields()}
    plain = {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value for name, value in values.items()
    }
    return {**plain, "kind": connection.kind, "id": connection.id}


def _read_frame(stream: IO[bytes]) -> Frame | None:
    line = stream.readline(MAX_FRAME_BYTES)
    if not line.endswith(b"\n"):
        return None
    frame = json.loads(line)
    data = stream.read(frame.get("bytes", 0))
    return (frame, data) if len(data) == frame.get("bytes", 0) else None


def _build_slow_reading() -> ActionError:
    return _build_lateness(f"The file takes longer than {MAX_READING_S:g} seconds to read.", SPLIT_HINT)


def _build_slow_embedding() -> ActionError:
    message = f"The embedder takes longer than {MAX_EMBEDDING_S:g} seconds for {CHUNKS_PER_FRAME} chunks."
    return _build_lateness(message, "Upload the file again later, or choose a faster embedder.")


def _build_slow_document() -> ActionError:
    return _build_lateness(f"The file takes longer than {MAX_DOCUMENT_S / 60:g} minutes to index.", SPLIT_HINT)


def _build_lateness(message: str, hint: str) -> ActionError:
    return ActionError("document_too_slow", message, hint)
