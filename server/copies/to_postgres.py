"""Copies all rows of an SQLite file to an empty PostgreSQL database, for servers that outgrow the file. Sync.

The file is read in one transaction and the target is written in one: it then holds all that the file held at one
moment, or nothing. The rest of the data folder, such as its keys, stays where it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from server.preflight import Migration, describe_migrations, find_missing_migrations

SOURCE = "copied_file"
"""The alias of the file among Django's databases, while it is copied."""
FILLED_BY_MIGRATE = frozenset({"contenttypes", "auth"})
"""The apps into whose tables `migrate` itself writes rows. These are replaced by those of the file."""
QUEUE_LABEL = "procrastinate"
"""Of the app whose tables hold the workers' queue."""
ROWS_PER_READ = 500


class CopyRefused(Exception):
    """Nothing was copied. The message says why, and what to do; the target is as it was."""


def copy_database(file: Path) -> dict[str, int]:
    """Copy all rows of the file to the database of the settings; return how many, by table. Raises CopyRefused."""
    if connection.vendor != "postgresql":
        raise CopyRefused("MILLRACE_DATABASE_URL names no PostgreSQL database to copy to. Set it, then run this again.")
    if missing := find_missing_migrations():
        raise CopyRefused(f"The target lacks {describe_migrations(missing)}. Run: python manage.py migrate")
    with _open_source(file), transaction.atomic(using=SOURCE), transaction.atomic():
        _let_the_target_wait()
        _require_equal_schemas(file)
        models = _list_models()
        _require_empty(models)
        for model in models:
            if model._meta.app_label in FILLED_BY_MIGRATE:
                model._default_manager.all().delete()
        counts = {model._meta.db_table: _copy_table(model) for model in models}
        _check_counts(models, counts)
        _reset_sequences(models)
    return counts


@contextmanager
def _open_source(file: Path) -> Iterator[None]:
    """Make the file one of Django's databases, while the block lasts."""
    if not file.is_file():
        raise CopyRefused(f"There is no database {file}. Is MILLRACE_DATA_DIR set as for the server?")
    options = {"transaction_mode": "IMMEDIATE", "timeout": 20}  # nobody writes to the file while it is read
    described = {"ENGINE": "django.db.backends.sqlite3", "NAME": file, "OPTIONS": options}
    connections.settings[SOURCE] = connections.configure_settings({"default": {}, SOURCE: described})[SOURCE]
    try:
        yield
    except DatabaseError as error:
        reason = str(error).partition("\n")[0]
        raise CopyRefused(f"The copy has failed: {reason}. The target is as it was.") from None
    finally:
        connections[SOURCE].close()
        del connections[SOURCE], connections.settings[SOURCE]


def _let_the_target_wait() -> None:
    """Take off the limit that ends an idle transaction: a table of the file may take minutes to count."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


def _require_equal_schemas(file: Path) -> None:
    source, target = map(_find_migrations, (SOURCE, "default"))
    if different := sorted(source ^ target):
        hint = "Start this version on the file once, or run manage.py migrate on it without MILLRACE_DATABASE_URL."
        names = describe_migrations(different)
        raise CopyRefused(f"{file} and the target differ by {names}. {hint}")


def _find_migrations(database: str) -> set[Migration]:
    """Return the migrations of a database, without those of the queue, which only PostgreSQL has."""
    applied = MigrationRecorder(connections[database]).applied_migrations()
    return {migration for migration in applied if migration[0] != QUEUE_LABEL}


def _list_models() -> list[type[Model]]:
    """Return the models that have tables of their own, also those between two others."""
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if model._meta.managed and not model._meta.proxy]


def _require_empty(models: list[type[Model]]) -> None:
    for model in models:
        if model._meta.app_label not in FILLED_BY_MIGRATE and model._base_manager.exists():
            table, name = model._meta.db_table, connection.settings_dict["NAME"]
            hint = "Name a new, empty database in MILLRACE_DATABASE_URL, and run manage.py migrate on it."
            raise CopyRefused(f"The database {name!r} is not empty: its table {table} has rows. {hint}")


def _copy_table(model: type[Model]) -> int:
    """Copy the rows of a table as they are, with their ids and times; return how many. Raises CopyRefused."""
    try:
        with connection.wrap_database_errors:
            return _write_rows(model)
    except DatabaseError as error:
        reason = str(error).partition("\n")[0]  # the lines behind it show a row
        table = model._meta.db_table
        raise CopyRefused(f"The table {table} cannot be copied: {reason}. The target is as it was.") from None


def _write_rows(model: type[Model]) -> int:
    fields = model._meta.concrete_fields
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table, count = connection.ops.quote_name(model._meta.db_table), 0
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for values in _read_rows(model, [field.attname for field in fields]):
            pairs = zip(fields, values, strict=True)
            copy.write_row([field.get_db_prep_save(value, connection) for field, value in pairs])
            count += 1
    return count


def _read_rows(model: type[Model], names: list[str]) -> Iterator[tuple[Any, ...]]:
    rows = model._base_manager.using(SOURCE).order_by("pk").values_list(*names)
    yield from rows.iterator(chunk_size=ROWS_PER_READ)


def _check_counts(models: list[type[Model]], counts: dict[str, int]) -> None:
    for model in models:
        found = [model._base_manager.using(name).count() for name in (SOURCE, "default")]
        if found != [counts[model._meta.db_table]] * 2:
            table = model._meta.db_table
            raise CopyRefused(f"The table {table} has {found[0]} rows in the file and {found[1]} in the target.")


def _reset_sequences(models: list[type[Model]]) -> None:
    """Let new rows get ids behind those that were copied."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
