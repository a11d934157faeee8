"""Reads, cuts and embeds one document in a process of its own, without Django and without a database.

Run it as `python -m document_collections.indexing.worker`.

A process, because parsing and embedding hold Python's lock, and a stream beside them would stutter; and because a
file that is made to crash or to fill the memory takes nothing else with it. It is given one line of JSON (`Job`) on
standard input and answers on standard output: frames, each a line of JSON and, of chunks, their vectors. Standard
input stays open: when it ends, the server has gone and so does this process.
"""

import asyncio
import contextlib
import json
import logging
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from actions.contract.errors import ActionError
from actions.contract.registry import get_connection_kinds
from actions.network.policy import NetworkPolicy
from actions.vectors.built_in import BuiltInEmbedder
from actions.vectors.embedding import DEFAULT_DIMENSION, EmbeddingConnection, TextEmbedder
from actions.vectors.splitting import TextSplitter
from actions.vectors.store import Piece
from document_collections.indexing.extract import parts_of

NICENESS = 15
MOST_MEMORY = 3 * 1024**3
AT_ONCE = 64
"""Chunks in one frame: the server stores a frame in one short transaction."""
MOST_CHUNKS = 100_000


@dataclass(frozen=True, slots=True)
class Job:
    """What there is to do. `connection` holds the values of a connection, secrets included, and its kind."""

    path: str
    name: str
    media_type: str
    model: str
    dimension: int | None
    connection: Mapping[str, Any] | None
    private_hosts: list[str]

    def line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"


def main() -> None:
    answers = _take_output()
    _be_modest()
    job = Job(**json.loads(sys.stdin.buffer.readline()))
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    try:
        asyncio.run(_work(job, answers))
    except ActionError as error:
        _send(answers, {"type": "failed", "code": error.code, "message": error.message, "hint": error.hint})
    except MemoryError:
        message = "Reading the file needs more memory than it may have."
        _send(answers, {"type": "failed", "code": "document_too_large", "message": message, "hint": "Split it."})


async def _work(job: Job, answers: BinaryIO) -> None:
    pieces = list(pieces_of(job))
    if len(pieces) > MOST_CHUNKS:
        message = f"The file makes more than {MOST_CHUNKS:,} chunks."
        raise ActionError("document_too_large", message, "Split it into several files.")
    _send(answers, {"type": "total", "total": len(pieces)})
    embedder = _embedder(job)
    for begin in range(0, len(pieces), AT_ONCE):
        batch = pieces[begin : begin + AT_ONCE]
        rows = await embedder.embed([piece.text for piece in batch])
        vectors = np.ascontiguousarray(rows, "<f4").tobytes()
        chunks = [[piece.text, dict(piece.metadata)] for piece in batch]
        _send(answers, {"type": "chunks", "chunks": chunks, "bytes": len(vectors)}, vectors)
    _send(answers, {"type": "done"})


def pieces_of(job: Job) -> Iterator[Piece]:
    """Yield the chunks of the file, each with its `source` and, where there is one, its `page` or `heading`."""
    splitter = TextSplitter("markdown" if job.media_type == "text/markdown" else "characters")
    for part in parts_of(Path(job.path), job.media_type):
        where = {"source": job.name, **({"page": part.page} if part.page else {})}
        for piece in splitter.split(part.text):
            yield Piece(piece.text, {**where, **piece.metadata})


def _embedder(job: Job) -> TextEmbedder:
    if job.connection is None:
        return BuiltInEmbedder(job.dimension or DEFAULT_DIMENSION)
    values = dict(job.connection)
    kind = get_connection_kinds()[values.pop("kind")]
    connection = kind.resolve(values, NetworkPolicy(frozenset(job.private_hosts)))
    assert isinstance(connection, EmbeddingConnection)
    return connection.build_embedder(job.model, job.dimension)


def _take_output() -> BinaryIO:
    """Keep standard output for answers: whatever a library prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    logging.disable(logging.CRITICAL)  # a library's complaint would quote the document
    return answers


def _be_modest() -> None:
    """Give way to the server, and take only so much memory."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(NICENESS)
    with contextlib.suppress(OSError, AttributeError):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))  # on Linux: it runs where nothing else wants to
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on every system

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def _end_with_the_server() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def _send(answers: BinaryIO, frame: Mapping[str, Any], data: bytes = b"") -> None:
    answers.write(json.dumps(frame).encode() + b"\n" + data)
    answers.flush()


if __name__ == "__main__":
    main()
