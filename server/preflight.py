"""What must be right before a server starts. What is not right is told in a sentence that says what to do. Sync."""

import logging
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from connections.secrets import require_keys

logger = logging.getLogger(__name__)

MIGRATE_COMMAND = "python manage.py migrate"

Migration = tuple[str, str]
"""The label of an app and the name of one of its migrations."""


class StartRefused(ImproperlyConfigured):
    """The server cannot serve as it is set up. The message says why, and what to do."""


def check_start() -> None:
    """Raise StartRefused, or another ImproperlyConfigured, unless the server can serve. Warn about what is odd."""
    try:
        with transaction.atomic():  # in SQLite this takes the lock for writing, so a file that is read-only is noticed
            missing = find_missing_migrations()
            unknown = find_unknown_migrations()
    except DatabaseError as error:
        raise StartRefused(describe_failure(error)) from None
    _require_utf_8()
    if missing:
        raise StartRefused(f"The database lacks {describe_migrations(missing)}. Run: {MIGRATE_COMMAND}")
    require_keys()
    if unknown:
        logger.warning("database_is_newer", extra={"hint": _describe_newer(unknown)})
    if settings.MILLRACE_DEVELOPMENT and settings.SESSION_COOKIE_SECURE:
        hint = (
            "MILLRACE_DEVELOPMENT is set on a server with a public address. Take it away: it is for this machine only."
        )
        logger.warning("development_in_public", extra={"hint": hint})
    if settings.MILLRACE_DEMO and settings.SESSION_COOKIE_SECURE:
        hint = "MILLRACE_DEMO is set on a server with a public address: everybody reaches its simulator."
        logger.warning("demo_in_public", extra={"hint": hint})


def describe_failure(error: DatabaseError) -> str:
    """Return in a sentence which database cannot be used, why, and what to do. It has no password."""
    place = connection.settings_dict
    reason = " ".join(str(error).split()).rstrip(".?")
    if connection.vendor != "postgresql":
        return f"The database {place['NAME']} cannot be used: {reason}."
    address = f"{place['HOST'] or 'this machine'}{place['PORT'] and ':'}{place['PORT']}"
    hint = "Check that the server runs, that the database and the user exist, and MILLRACE_DATABASE_URL."
    return f"The PostgreSQL database {place['NAME']!r} at {address} cannot be used: {reason}. {hint}"


def _require_utf_8() -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        encoding = cursor.fetchone()[0]
    if encoding != "UTF8":
        name = connection.settings_dict["NAME"]
        hint = "Create another one: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
        raise StartRefused(f"The PostgreSQL database {name!r} stores texts as {encoding}, not as UTF8. {hint}")


def find_missing_migrations() -> list[Migration]:
    """Return the last migration of each app whose tables are older than this code. Raises DatabaseError."""
    applied = MigrationRecorder(connection).applied_migrations()
    return [migration for migration in _list_migrations().leaves if migration not in applied]


def find_unknown_migrations() -> list[Migration]:
    """Return the migrations that were applied by a newer version of this code. Raises DatabaseError."""
    known = _list_migrations().all
    labels = {label for label, _ in known}
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted((label, name) for label, name in applied if label in labels and (label, name) not in known)


def describe_migrations(migrations: list[Migration]) -> str:
    names = [f"{label}.{name}" for label, name in migrations]
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"the migration {names[0]}{more}"


def _describe_newer(unknown: list[Migration]) -> str:
    return (
        f"The database has {describe_migrations(unknown)}, which this version does not know: a newer Millrace has "
        "written it. Start that version, or restore the backup that was made before the upgrade."
    )


class _Migrations:
    """The migrations on disk."""

    def __init__(self) -> None:
        loader = MigrationLoader(None)
        self.leaves: list[Migration] = sorted(loader.graph.leaf_nodes())
        self.all: frozenset[Migration] = frozenset(loader.disk_migrations)


# Cached for the process, because a load balancer asks every few seconds; the code of a process does not change.
@cache
def _list_migrations() -> _Migrations:
    return _Migrations()
