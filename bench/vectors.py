"""Measures collections: searches among 20,000 chunks, indexing 1 MB, and streams beside indexing.

`python -m bench.vectors` takes about two minutes; `python -m bench.vectors search` leaves the streams out.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from bench.load import Reading, run_load
from bench.targets import OTHER_CORE, PAUSE_S, ROOT, Target, run_millrace, run_upstream
from bench.workload import USUAL

CHUNK_COUNT, DIMENSION = 20_000, 256
SEARCHES = 200
MEGABYTE = 1_000_000
STREAMS = 25
PAIRS = 5


def main() -> None:
    if sys.argv[1:] == ["in-process"]:
        measure_in_process()
        return
    with tempfile.TemporaryDirectory(prefix="millrace-bench-") as folder:
        environment = {**os.environ, "MILLRACE_DATA_DIR": folder, "MILLRACE_LOG_LEVEL": "WARNING"}
        subprocess.run([sys.executable, "-m", "bench.vectors", "in-process"], cwd=ROOT, env=environment, check=True)
    if sys.argv[1:] != ["search"]:
        compare_streams()


def measure_in_process() -> None:
    """Measure searches and indexing in this process, as a server's database threads do them."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from document_collections import services
    from workspaces.models import Workspace

    call_command("migrate", verbosity=0)
    workspace = Workspace.objects.create(name="Bench")
    _measure_searches(services.create(workspace.pk, "Many", "", None))
    _measure_indexing(services.create(workspace.pk, "Text", "", None))


def _measure_searches(collection: Any) -> None:
    import numpy as np

    from actions.vectors.embedding import EmbedderIdentity
    from actions.vectors.filters import parse_filter
    from actions.vectors.store import Piece, Query
    from document_collections import saving
    from document_collections.search import search

    numbers = np.random.default_rng(1)
    vectors = numbers.standard_normal((CHUNK_COUNT, DIMENSION)).astype(np.float32)
    pieces = [
        Piece(f"chunk {n} " + "x" * 800, {"source": f"file {n % 50}", "page": n // 50}) for n in range(CHUNK_COUNT)
    ]
    saving.save_document(collection, "all", pieces, vectors, EmbedderIdentity("bench", "random", DIMENSION))
    collection.refresh_from_db()
    began = time.perf_counter()
    search.search_collection(collection, vectors[0], Query())
    print_row("first search of 20,000 chunks", f"{(time.perf_counter() - began) * 1000:.0f} ms")
    filtered = Query(filter=parse_filter('source == "file 7" and page >= 100'))
    queries = {"cosine": Query(), "Euclidean": Query(distance="euclidean"), "with a filter": filtered}
    for name, query in queries.items():
        times = _time_calls(lambda at, query=query: search.search_collection(collection, vectors[at], query))
        print_row(
            f"later searches, {name}", f"p50 {statistics.median(times):.1f} ms, p99 {times[-len(times) // 100]:.1f} ms"
        )


def _time_calls(act: Callable[[int], Any]) -> list[float]:
    times = []
    for at in range(SEARCHES):
        began = time.perf_counter()
        act(at)
        times.append((time.perf_counter() - began) * 1000)
    return sorted(times)


def _measure_indexing(collection: Any) -> None:
    from django.core.files.base import ContentFile

    from document_collections.indexing.indexer import indexer
    from document_collections.indexing.waiting_files import store_file
    from document_collections.models import Document

    document = Document(collection=collection, name="large.txt", size=MEGABYTE, uploaded=True)
    store_file(document.pk, ContentFile(generate_text(MEGABYTE).encode()))
    began = time.perf_counter()
    document.save(force_insert=True)
    indexer.wake()
    while document.status == "indexing":
        time.sleep(0.01)
        document.refresh_from_db()
    assert document.status == "ready", document.error
    print_row(f"indexing 1 MB, {document.done} chunks", f"{time.perf_counter() - began:.1f} s")
    indexer.stop()


def compare_streams() -> None:
    """Compare streams with and without indexing beside them. They alternate, because the load of a machine varies."""
    os.sched_setaffinity(0, {OTHER_CORE % (os.cpu_count() or 1)})
    with run_upstream(PAUSE_S) as url, run_millrace(url, "daphne") as target:
        run_load(target, 4)
        alone: list[Reading] = []
        together: list[Reading] = []
        for _ in range(PAIRS):
            alone.append(run_load(target, STREAMS))
            with Uploading(target) as uploading:
                together.append(run_load(target, STREAMS))
        print_row("documents of 1 MB indexed meanwhile", str(uploading.done))
    for name, readings in {"alone": alone, "beside indexing": together}.items():
        p50, p99 = (statistics.median(each.compute_percentile(share) for each in readings) for share in (0.5, 0.99))
        print_row(
            f"{STREAMS} streams {name}", f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, lost {sum(r.lost for r in readings)}"
        )


class Uploading:
    """Uploads one document after another until the block is left, so that the target always indexes."""

    def __init__(self, target: Target) -> None:
        self._base = f"http://127.0.0.1:{target.port}/api/v1/collections"
        self._key = target.requests[USUAL].split(b"Bearer ")[1].split(b"\r\n")[0].decode()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._upload, daemon=True)
        self.done = 0

    def __enter__(self) -> "Uploading":
        body = json.dumps({"name": f"Bench {time.monotonic_ns()}"}).encode()
        self._documents = f"{self._base}/{self._ask(self._base, body, 'application/json')['id']}/documents"
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(60)

    def _upload(self) -> None:
        frame = b"--x\r\nContent-Disposition: form-data; name=file; filename=%d.txt\r\n\r\n%s\r\n--x--\r\n"
        text = generate_text(MEGABYTE).encode()
        while not self._stop.is_set():
            content = frame % (self.done, text)
            document = self._ask(self._documents, content, "multipart/form-data; boundary=x")
            while document["status"] == "indexing":
                time.sleep(0.5)
                listed = self._ask(self._documents)["documents"]
                document = next(each for each in listed if each["id"] == document["id"])
            self.done += 1

    def _ask(self, url: str, body: bytes | None = None, media_type: str = "") -> Any:
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": media_type}
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=60) as answer:  # noqa: S310  # our own server
            return json.load(answer)


def generate_text(size: int) -> str:
    """Return a text of `size` characters, with up to 20,000 different words."""
    letters = random.Random(1)  # noqa: S311  # no secret
    words = ["".join(letters.choices("abcdefghijklmnopqrst", k=letters.randint(2, 10))) for _ in range(20_000)]
    sentences = (" ".join(letters.choices(words, k=15)) + ". " for _ in range(size // 50))
    return "".join(sentences)[:size]


def print_row(name: str, value: str) -> None:
    sys.stdout.write(f"| {name} | {value} |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
