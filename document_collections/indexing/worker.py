"""Reads, splits and embeds one document in a process of its own, without Django and without a database.

Run it as `python -m document_collections.indexing.worker`.

It is a process for two reasons: parsing and embedding hold Python's lock, so that streams of the same process would
pause; and a file that crashes the parser or fills the memory then ends nothing but this process.

Input: one line of JSON (`Job`) on standard input, which stays open. When it is closed, the server has ended, and this
process ends too. Output: frames on standard output. A frame is one line of JSON; the vectors of chunks follow it as
float32 numbers, `bytes` long in all.
"""

import asyncio
import contextlib
import json
import logging
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from actions.contract.errors import ActionError, DomainError
from actions.contract.registry import get_connection_kinds
from actions.network.policy import NetworkPolicy
from actions.vectors.built_in import BuiltInEmbedder
from actions.vectors.embedding import DEFAULT_DIMENSION, EmbeddingConnection, TextEmbedder
from actions.vectors.splitting import TextSplitter
from actions.vectors.store import Piece
from document_collections.extraction.extract import extract_text
from document_collections.extraction.extracted import ExtractedText, Part
from document_collections.indexing.job import CHUNKS_PER_FRAME, Job

NICENESS = 5
"""Beside a busy process of the server the worker gets about a quarter of a processor: it gives way, and goes on."""
MAX_MEMORY_BYTES = 3 * 1024**3
MAX_CHUNKS = 100_000


def run_worker() -> None:
    answers = _take_output()
    _limit_priority_and_memory()
    job = Job(**json.loads(sys.stdin.buffer.readline()))
    threading.Thread(target=_exit_with_server, daemon=True).start()
    run_job(job, answers)


def run_job(job: Job, answers: BinaryIO) -> None:
    """Write the frames of the job. What goes wrong is a frame too: the words for a person, without the document's."""
    try:
        asyncio.run(_index(job, answers))
    except Exception as error:
        told = _explain(error)
        _send(answers, {"type": "failed", "code": told.code, "message": told.message, "hint": told.hint})


def _explain(error: Exception) -> DomainError:
    if isinstance(error, DomainError):
        return error
    if isinstance(error, MemoryError):
        message = "Reading the file needs more memory than is allowed."
        return ActionError("document_too_large", message, "Split it into several files.")
    message = f"The file could not be indexed: an error of the type {type(error).__name__} ended its reading."
    return ActionError("index_failed", message, "Save it in another format, such as text in UTF-8, and upload that.")


async def _index(job: Job, answers: BinaryIO) -> None:
    extracted = extract_text(Path(job.path), job.media_type)
    pieces = list(split_document(job, extracted))
    if len(pieces) > MAX_CHUNKS:
        message = f"The file makes more than {MAX_CHUNKS:,} chunks."
        raise ActionError("document_too_large", message, "Split it into several files.")
    warnings = [asdict(warning) for warning in extracted.warnings]
    _send(answers, {"type": "total", "total": len(pieces), "warnings": warnings})
    embedder = _open_embedder(job)
    for begin in range(job.done, len(pieces), CHUNKS_PER_FRAME):
        batch = pieces[begin : begin + CHUNKS_PER_FRAME]
        rows = await embedder.embed([piece.text for piece in batch])
        vectors = np.ascontiguousarray(rows, "<f4").tobytes()
        chunks = [[piece.text, dict(piece.metadata)] for piece in batch]
        _send(answers, {"type": "chunks", "chunks": chunks, "bytes": len(vectors)}, vectors)
    _send(answers, {"type": "done"})


def split_document(job: Job, extracted: ExtractedText) -> Iterator[Piece]:
    """Yield the chunks of the file in order, each with its `source` and, where it has one, its `page` or `heading`."""
    splitter = TextSplitter("markdown" if job.media_type == "text/markdown" else "characters")
    for part in extracted.parts:
        metadata = {"source": job.name, **_describe_part(part)}
        for piece in splitter.split(part.text):
            yield Piece(piece.text, {**metadata, **piece.metadata})


def _describe_part(part: Part) -> dict[str, Any]:
    return {**({"page": part.page} if part.page else {}), **({"invisible": True} if part.is_invisible else {})}


def _open_embedder(job: Job) -> TextEmbedder:
    if job.connection is None:
        return BuiltInEmbedder(job.dimension or DEFAULT_DIMENSION)
    values = dict(job.connection)
    kind = get_connection_kinds()[values.pop("kind")]
    connection = kind.resolve(values, NetworkPolicy(frozenset(job.private_hosts)))
    assert isinstance(connection, EmbeddingConnection)
    return connection.build_embedder(job.model, job.dimension)


def _take_output() -> BinaryIO:
    """Return a copy of standard output for the frames; what a library prints goes to standard error from now on."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    logging.disable(logging.CRITICAL)  # a library's complaint would quote the document
    return answers


def _limit_priority_and_memory() -> None:
    """Lower the priority below the server's, and limit the memory.

    The idle class would be wrong: on a host whose processors are busy, such a process hardly runs. The batch class
    keeps a fair share, and never interrupts a process that answers a request.
    """
    with contextlib.suppress(OSError, AttributeError):
        os.nice(NICENESS)
    with contextlib.suppress(OSError, AttributeError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))  # on Linux
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on every system

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))


def _exit_with_server() -> None:
    """End this process when the server has closed standard input, as its own end does."""
    sys.stdin.buffer.read()
    os._exit(0)


def _send(answers: BinaryIO, frame: Mapping[str, Any], data: bytes = b"") -> None:
    answers.write(json.dumps(frame).encode() + b"\n" + data)
    answers.flush()


if __name__ == "__main__":
    run_worker()
