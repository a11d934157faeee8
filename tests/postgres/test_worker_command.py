"""What `manage.py worker` says when something is missing that a worker needs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.targets import ROOT, find_free_port

POSTGRES = "postgresql://127.0.0.1:{port}/nothing"
REDIS = "redis://127.0.0.1:6379/0"
CASES = {
    "executed by web processes": ({}, "MILLRACE_RUNS is 'here': web processes execute runs."),
    "no PostgreSQL": (
        {"RUNS": "workers", "REDIS_URL": REDIS},
        "need a PostgreSQL server, but MILLRACE_DATABASE_URL is not set",
    ),
    "no Redis": (
        {"RUNS": "workers", "DATABASE_URL": POSTGRES},
        "need a Redis server, but MILLRACE_REDIS_URL is not set",
    ),
    "not Redis": ({"REDIS_URL": "http://:hush@localhost"}, "MILLRACE_REDIS_URL is no address of a Redis server"),
    "PostgreSQL away": (
        {"RUNS": "workers", "DATABASE_URL": POSTGRES, "REDIS_URL": REDIS},
        "The PostgreSQL database 'nothing' at 127.0.0.1:{port} cannot be used",
    ),
}


@pytest.mark.parametrize(("settings", "words"), CASES.values(), ids=list(CASES))
def test_it_says_what_is_missing(settings: dict[str, str], words: str, tmp_path: Path) -> None:
    port = find_free_port()
    given = {f"MILLRACE_{name}": value.format(port=port) for name, value in settings.items()}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MILLRACE_")}
    done = subprocess.run(
        [sys.executable, "manage.py", "worker"],
        cwd=ROOT,
        env={**inherited, "DJANGO_SETTINGS_MODULE": "config.settings", "MILLRACE_DATA_DIR": str(tmp_path), **given},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert words.format(port=port) in done.stderr
    assert "hush" not in done.stderr
    assert "Traceback" not in done.stderr
