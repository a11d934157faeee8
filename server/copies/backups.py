"""Copies of all that a server keeps: its database, its keys and the files that wait to be indexed. Sync.

A backup is a folder of its own. SQLite copies a database that is being written to as it was at one moment; runs go on.
"""

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection

DATABASE = "millrace.sqlite3"
KEY_FILES = ("encryption_keys", "secret_key")
UPLOADS = "uploads"
LOCK = "worker.lock"


class BackupRefused(Exception):
    """The copy was not made. The message says why, and what to do; nothing was changed."""


def require_file_database(tool: str) -> None:
    """Raise BackupRefused when the database is not in the data folder; `tool` is PostgreSQL's own command for it."""
    if connection.vendor == "postgresql":
        message = f"The database is in a PostgreSQL server, whose own tool copies it: {tool}"
        hint = f"Keep the folder {settings.MILLRACE_DATA_DIR} too: its keys open the secrets of the database."
        raise BackupRefused(f"{message}. {hint}")


def back_up(data: Path, target: Path) -> None:
    """Copy what the folder `data` holds to the new folder `target`, while servers go on. Raises BackupRefused."""
    _make_empty_folder(target)
    # Files that are uploaded meanwhile are copied after the database that names them.
    _copy_files(data, target)
    _copy_database(data / DATABASE, target / DATABASE)
    _copy_files(data, target)


def restore(backup: Path, data: Path) -> Path | None:
    """Put a backup in place of the folder `data`, whose servers are stopped; return where the old folder is kept.

    Raises BackupRefused when a server runs on `data`, or when the backup is not whole.
    """
    check_backup(backup)
    require_stopped(data)
    draft = _copy_backup(backup, data.with_name(f".{data.name}.restoring"))
    kept = _find_free_name(data) if data.exists() else None
    try:
        if kept:
            data.rename(kept)
        draft.rename(data)
    except OSError as error:
        message = f"{data} cannot be replaced: {error.strerror}. The backup is whole in {draft}: move it by hand."
        raise BackupRefused(message) from None
    return kept


def _copy_backup(backup: Path, draft: Path) -> Path:
    """Copy the backup to the folder that will be the new data folder. Raises BackupRefused when it cannot be made."""
    try:
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(backup, draft)
        draft.chmod(0o700)
    except OSError as error:
        reason = error.strerror or "not all of its files can be read"
        message = f"The backup cannot be copied to {draft}: {reason}. Nothing was changed. "
        raise BackupRefused(
            message + f"Run this as a user who may read it, and make folders in {draft.parent}."
        ) from None
    return draft


def check_backup(backup: Path) -> None:
    """Raise BackupRefused unless the folder holds an intact database. Its keys are looked at by the start."""
    if not (backup / DATABASE).is_file():
        raise BackupRefused(f"{backup} is no backup: it has no {DATABASE}.")
    try:
        with closing(sqlite3.connect(f"file:{backup / DATABASE}?mode=ro", uri=True)) as database:
            found = str(database.execute("PRAGMA integrity_check").fetchone()[0])
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise BackupRefused(f"The database of {backup} is damaged: {found}.")


def _make_empty_folder(target: Path) -> None:
    try:
        target.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise BackupRefused(f"{target} exists already. Name a new folder.") from None
    except OSError as error:
        raise BackupRefused(f"{target} cannot be made: {error.strerror}.") from None


def _copy_database(source: Path, target: Path) -> None:
    if not source.is_file():
        raise BackupRefused(f"There is no database {source}. Is MILLRACE_DATA_DIR set as for the server?")
    with closing(sqlite3.connect(source, timeout=60)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)  # in one step, which is one snapshot; writers do not wait for it
        new.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    target.chmod(0o600)


def _copy_files(data: Path, target: Path) -> None:
    for name in KEY_FILES:
        if (data / name).is_file():
            shutil.copy2(data / name, target / name)
    for file in (data / UPLOADS).rglob("*"):
        copy = target / file.relative_to(data)
        if not file.is_file() or copy.exists():
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copy2(file, copy)
        except FileNotFoundError:  # indexed and removed since the folder was listed
            copy.unlink(missing_ok=True)


def require_stopped(data: Path) -> None:
    """Raise BackupRefused when a server holds the lock of the folder `data`."""
    if sys.platform == "win32" or not (data / LOCK).exists():
        return
    import fcntl

    handle = os.open(data / LOCK, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise BackupRefused(f"A server runs on {data}. Stop it first.") from None
    finally:
        os.close(handle)


def _find_free_name(data: Path) -> Path:
    names = (data.with_name(f"{data.name}.before-restore-{number}") for number in range(1, 10_000))
    return next(name for name in names if not name.exists())
