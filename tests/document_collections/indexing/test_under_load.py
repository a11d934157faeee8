"""Documents are indexed also while every processor is busy."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from document_collections.indexing import worker
from tests.document_collections.client import SendFile

BUSY_LOOP = "while True: pass"


@pytest.fixture
def busy_processors() -> Iterator[None]:
    """Keep each processor busy with a loop of ordinary priority."""
    loops = [subprocess.Popen([sys.executable, "-c", BUSY_LOOP]) for _ in range(os.cpu_count() or 1)]
    yield
    for loop in loops:
        loop.kill()
        loop.wait()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ended_indexing", "busy_processors")
def test_a_document_is_indexed_while_every_processor_is_busy(index: SendFile) -> None:
    assert index("mill.txt", b"The wheel turns. " * 2_000)["status"] == "ready"


@pytest.mark.skipif(not hasattr(os, "sched_getscheduler"), reason="scheduling classes are a thing of Linux")
def test_the_worker_gives_way_and_is_never_of_the_idle_class() -> None:
    code = (
        "import os\nfrom document_collections.indexing import worker\nworker._limit_priority_and_memory()\n"
        "print(os.sched_getscheduler(0), os.nice(0))"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.split()
    assert [int(word) for word in printed] == [os.SCHED_BATCH, os.nice(0) + worker.NICENESS]
