"""`manage.py copy_to_postgres` copies all that a filled SQLite file holds, once, into an empty database."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bench.scaled.postgres import create_database
from bench.targets import ROOT
from tests.faults.rig import DATABASE, get_site, read_logs, read_postgres_logs
from tests.postgres_server import needs_postgres

pytestmark = needs_postgres

MOMENT = "2026-01-02 03:04:05.678900"
RUN = "0" * 31 + "1"
ADD_RUN = """
insert into flows_run (id, input, status, started_at, finished_at, items, flow_id, workspace_id, version_id, owner,
  environment, error_code, error_message, stored_bytes, session_id, question, start_request, stop_asked,
  stopped_by, worker)
select ?, '{"b": 1, "a": [1e2, null, "é"]}', 'completed', ?, ?, 1, f.id, f.workspace_id, v.id, '', 'production', '', '',
  7, '', '', '', '', '', ? from flows_flow f join flows_flowversion v on v.flow_id = f.id limit 1
"""


def manage(folder: Path, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MILLRACE_")}
    own = {"MILLRACE_DATA_DIR": str(folder), "MILLRACE_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment = {**kept, **own}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data folder of a server that has run something."""
    folder = Path(shutil.copytree(get_site().folder, tmp_path / "data"))
    with closing(sqlite3.connect(folder / DATABASE)) as file, file:
        file.execute(ADD_RUN, (RUN, MOMENT, MOMENT, RUN))
        events = [(RUN, seq, "item", f'{{"seq":{seq},"text":"\\u0000é"}}') for seq in range(1, 1201)]
        file.executemany("insert into flows_runevent (run_id, seq, type, data) values (?, ?, ?, ?)", events)
    return folder


@pytest.fixture
def target() -> Iterator[str]:
    with create_database() as url:
        yield url


def ask(url: str, statement: str) -> Any:
    with psycopg.connect(url) as database:
        return database.execute(statement).fetchone()


def test_all_rows_arrive_as_they_are(folder: Path, target: str) -> None:
    assert manage(folder, target, "migrate", "-v0").returncode == 0
    done = manage(folder, target, "copy_to_postgres")
    assert done.returncode == 0, done.stderr
    assert "1,200  flows_runevent" in done.stdout
    assert read_postgres_logs(target) == read_logs(folder)
    row = ask(target, "select input, finished_at at time zone 'UTC', items from flows_run")
    assert (row[0], str(row[1]), row[2]) == ({"b": 1, "a": [1e2, None, "é"]}, "2026-01-02 03:04:05.678900", 1)
    assert ask(target, "select count(*) from workspaces_membership") == (1,)
    last, following = ask(
        target, "select max(id), nextval(pg_get_serial_sequence('flows_runevent', 'id')) from flows_runevent"
    )
    assert following == last + 1
    again = manage(folder, target, "copy_to_postgres")
    assert again.returncode == 1
    assert "is not empty" in again.stderr
    assert "Traceback" not in again.stderr


def test_what_cannot_be_copied_leaves_an_empty_target(folder: Path, target: str) -> None:
    """A row in the middle that PostgreSQL refuses. The message does not show it."""
    manage(folder, target, "migrate", "-v0")
    with closing(sqlite3.connect(folder / DATABASE)) as file, file:
        file.execute("update flows_run set input = json_object('text', char(0), 'prompt', 'hush')")
    done = manage(folder, target, "copy_to_postgres")
    assert (done.returncode, "The table flows_run cannot be copied" in done.stderr) == (1, True), done.stderr
    assert "hush" not in done.stderr
    assert ask(target, "select count(*) from workspaces_user") == (0,)


def test_it_says_what_is_missing(folder: Path, target: str) -> None:
    assert "Run: python manage.py migrate" in manage(folder, target, "copy_to_postgres").stderr
    assert "names no PostgreSQL database" in manage(folder, "", "copy_to_postgres").stderr
    manage(folder, target, "migrate", "-v0")
    assert "There is no database" in manage(folder, target, "copy_to_postgres", "elsewhere.sqlite3").stderr
    with closing(sqlite3.connect(folder / DATABASE)) as file, file:
        file.execute("delete from django_migrations where app = 'flows' and name like '0017%'")
    assert "differ by the migration flows.0017" in manage(folder, target, "copy_to_postgres").stderr


def test_a_backup_is_left_to_the_tools_of_postgres(folder: Path, target: str) -> None:
    assert "pg_dump" in manage(folder, target, "backup", str(folder / "copy")).stderr
    assert "pg_restore" in manage(folder, target, "restore", str(folder / "copy")).stderr
