"""Runs the worker in a process of its own, and reads the frames that it sends."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from django.conf import settings
from pydantic import SecretStr

from actions.contract.connection import Connection as Kind
from document_collections.embedders import open_collection_connection
from document_collections.indexing.worker import Job
from document_collections.models import Document

MAX_DOCUMENT_S = 1800.0
"""The longest time for one document, from the start of the process to its end."""
MAX_FRAME_BYTES = 64 * 1024 * 1024

Frame = tuple[dict[str, Any], bytes]
"""A message of the worker, and the bytes of the vectors that follow it."""


class WorkerProcess:
    """A context manager: starts the worker with a job, and ends it when the block is left or after `MAX_DOCUMENT_S`."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "document_collections.indexing.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a library's complaint would quote the document
            cwd=settings.BASE_DIR,
        )
        self._timer = threading.Timer(MAX_DOCUMENT_S, self._process.kill)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # the process that would read the rest has ended
                if pipe:
                    pipe.close()

    def read_frames(self) -> Iterator[Frame]:
        """Send the job and yield each frame of the worker, until the worker ends."""
        assert self._process.stdin
        assert self._process.stdout
        with suppress(BrokenPipeError):  # it ended before it had read its job; the caller looks at its status
            self._process.stdin.write(self._job.encode())
            self._process.stdin.flush()
            yield from _read_frames(self._process.stdout)

    def kill(self) -> None:
        """End the worker at once. Callable from any thread."""
        self._process.kill()

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
        private_hosts=sorted(settings.MILLRACE_NETWORK.private),
    )


def _read_values(connection: Kind) -> dict[str, Any]:
    """Return the connection's values with its secrets, which go through a pipe to our own process and nowhere else."""
    values = {name: getattr(connection, name) for name, _ in connection.list_own_fields()}
    plain = {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value for name, value in values.items()
    }
    return {**plain, "kind": connection.kind, "id": connection.id}


def _read_frames(stream: IO[bytes]) -> Iterator[Frame]:
    while line := stream.readline(MAX_FRAME_BYTES):
        frame = json.loads(line)
        yield frame, stream.read(frame.get("bytes", 0))
