#!/usr/bin/env bash
# apsw 3.50.4.0 (SQLite 3.50.4): passive checkpoints of a second connection keep up, and the write-ahead log still grows.
#
# Seen: one connection commits, and checkpoints by itself after 1,000 pages, as SQLite does by default: its log stays at
# about 4 MB. When a second connection checkpoints in its place, in a thread, the log only grows while commits go on,
# although each checkpoint moves what was there: SQLite begins the log anew only when a commit finds that all of it has
# been moved, and by then something newer is in it.
# Expected: a log of the same size, with the work moved off the thread that commits.
# Who meets it: a chat backend that commits each chunk on its event loop and leaves checkpoints to a thread, so that they
# hold up no stream. The log fills the disk at the rate of the events, and reads become slower.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 180 venv/bin/pip install --quiet --no-compile --disable-pip-version-check apsw==3.50.4.0
timeout 120 venv/bin/python - <<'PY'
import os
import threading
import apsw

COMMITS, BYTES = 6_000, 8_000


def open_database(name):
    connection = apsw.Connection(name)
    connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
    return connection


def commit_all(connection):
    for number in range(COMMITS):
        connection.execute("INSERT INTO event VALUES (?, ?)", (number, "x" * BYTES))


def checkpoint_until(ended, name):
    connection = open_database(name)
    while not ended.wait(0.01):
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        checkpoints.append(1)


def measure(name, beside):
    connection = open_database(name)
    connection.execute("CREATE TABLE event (number INTEGER PRIMARY KEY, data TEXT)")
    ended = threading.Event()
    if beside:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
    thread = threading.Thread(target=checkpoint_until, args=(ended, name))
    if beside:
        thread.start()
    commit_all(connection)
    size = os.path.getsize(f"{name}-wal") / 1e6
    ended.set()
    if beside:
        thread.join()
    return size


checkpoints = []
own, beside = measure("own", False), measure("beside", True)
print(f"SQLite {apsw.sqlite_lib_version()}, {COMMITS:,} commits of {BYTES:,} bytes, {COMMITS * BYTES / 1e6:.0f} MB")
print(f"checkpoints by who commits:       a log of {own:6.1f} MB")
print(f"checkpoints by another connection: a log of {beside:6.1f} MB, after {len(checkpoints)} checkpoints")
assert own < 12
assert beside > 4 * own and len(checkpoints) > 5
PY
