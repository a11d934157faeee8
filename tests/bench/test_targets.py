"""The servers that are measured start from a shell that knows nothing of Django."""

import pytest

from bench.load import run_load
from bench.targets import run_millrace, run_upstream
from bench.workload import LONE_CHUNK


@pytest.mark.parametrize("kind", ["daphne", "uvicorn"])
def test_a_stream_of_a_measured_server_comes_whole(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")
    with run_upstream(0.0) as url, run_millrace(url, kind, (LONE_CHUNK,)) as target:
        reading = run_load(target, 2, LONE_CHUNK)
    assert (reading.expected, reading.lost) == (2, 0)
