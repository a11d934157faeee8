"""Rows that were written to earlier tables are all there after the upgrade, as they were."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.graph import MigrationGraph
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from actions.vectors.built_in import BuiltInEmbedder
from actions.vectors.embedding import LEXICAL
from bench.scaled.postgres import create_database
from config.database import Database, describe_file, parse_url
from tests.postgres_server import needs_postgres
from tests.upgrade.table_rows import ORDINARY, Row, Rows, fill_tables, read_rows

Targets = list[tuple[str, str]]
Expectation = Callable[[Row, Any], bool]

OURS = ("chat_pages", "chats", "connections", "flows", "vectors", "workspaces")
FIRST_ON_POSTGRES = {
    "chat_pages": "0001_initial",
    "chats": "0002_stored_bytes",
    "connections": "0002_variables",
    "flows": "0017_usage_by_day",
    "vectors": "0005_document_fields",
    "workspaces": "0008_secret_of_tickets",
}
"""The tables when PostgreSQL could first be chosen. Rows in older ones are in files of SQLite alone."""
BEFORE_SCHEDULES = {
    "chat_pages": "0006_feedback",
    "chats": "0002_stored_bytes",
    "connections": "0002_variables",
    "flows": "0019_runs_without_a_worker",
    "vectors": "0005_document_fields",
    "workspaces": "0009_second_factors",
}

CHANGED: dict[str, Expectation] = {
    "vectors.collection.embedder_model": lambda row, value: (
        row["embedder_model"] in ("lexical-1", "lexical-2") and value == LEXICAL
    ),
    "vectors.collection.revision": lambda row, value: value == row["revision"] + 1,
    "vectors.chunk.vector": lambda row, value: value == embed(row["text"]),
    "flows.usageofday.first_chunks": lambda row, value: (row["first_chunks"], value) == ('{"0":1}', b"\1\0\0\0"),
}
"""What a migration may change in rows that were there before."""
FILLED_IN: dict[str, Expectation] = {
    "flows.usageofday.caller": lambda row, value: value == ("key" if row["key_id"] else ""),
    "flows.run.session_id": lambda row, value: value == row["input"]["session_id"],
    "flows.run.question": lambda row, value: value == row["input"]["prompt"],
    "flows.run.stored_bytes": lambda row, value: value >= 50,
    "flows.flow.production_revision": lambda row, value: value == row["revision"],
    "flows.flowversion.stored_bytes": lambda row, value: value >= 100,
    "chats.chatsession.stored_bytes": lambda row, value: value >= 10,
    "vectors.document.stored_bytes": lambda row, value: value >= 256,
    "vectors.document.fields": lambda row, value: list(value) == ["page"],
}
"""What a migration wrote into a column that it added. Other added columns have their default in rows from before."""
ADDED = {"flows.flowaddress": 2, "flows.publication": 2}
"""How many rows migrations have added to what is there: each flow got its address, and was published."""


def list_first(graph: MigrationGraph) -> Targets:
    """Return the first migration of each app that was there when the others had no more than theirs."""
    first = {key for key in graph.root_nodes() if key[0] in OURS}
    return [key for key in first if {each for each in graph.forwards_plan(key) if each[0] in OURS} <= first]


def list_one_back(graph: MigrationGraph) -> Targets:
    """Return the migration before the last one of each app, whichever these are today."""
    parents = [(key[0], parent) for key in graph.leaf_nodes() for parent in graph.node_map[key].parents]
    return [parent.key for app, parent in parents if app in OURS and parent.key[0] == app]


STAGES: dict[str, Callable[[MigrationGraph], Targets]] = {
    "first": list_first,
    "first on PostgreSQL": lambda graph: list(FIRST_ON_POSTGRES.items()),
    "before schedules": lambda graph: list(BEFORE_SCHEDULES.items()),
    "one back": list_one_back,
}
"""States of the tables, one after the other. Rows are written to each."""


@contextmanager
def use_database(described: Database) -> Iterator[None]:
    """Let Django's default connection, in this thread, be one to this database."""
    kept, own = connections[DEFAULT_DB_ALIAS], ConnectionHandler({DEFAULT_DB_ALIAS: described})[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = own
    try:
        yield
    finally:
        own.close()
        connections[DEFAULT_DB_ALIAS] = kept


def embed(text: str) -> bytes:
    return bytes(BuiltInEmbedder(ORDINARY["vectors.collection.dimension"]).embed_rows([text]).astype("<f4").tobytes())


def fill_stage(name: str) -> Rows:
    """Migrate to the stage, and fill its tables."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    targets = [*(key for key in graph.leaf_nodes() if key[0] not in OURS), *STAGES[name](graph)]
    keys = dict.fromkeys(key for target in targets for key in graph.forwards_plan(target))
    plan = [(graph.nodes[key], False) for key in keys if key not in executor.loader.applied_migrations]
    rows = fill_tables(executor.migrate(targets, plan).apps, name)
    assert [table for table, found in rows.items() if len(found) != 2] == []
    return rows


def find_differences(table: str, before: Row, after: Row) -> list[str]:
    """Return what of a row is not as it should be after the upgrade, in words."""
    return [
        *(f"{table}.{name} is lost" for name in before.keys() - after.keys()),
        *(
            f"{table}.{name} is {value!r}, and was {before.get(name, 'not there')!r}"
            for name, value in after.items()
            if not is_expected(f"{table}.{name}", name, before, value)
        ),
    ]


def is_expected(column: str, name: str, before: Row, value: Any) -> bool:
    if name in before:
        return value == before[name] or (column in CHANGED and CHANGED[column](before, value))
    if column in FILLED_IN:
        return FILLED_IN[column](before, value)
    field = apps.get_model(column.rpartition(".")[0])._meta.get_field(name)
    return bool(value == (field.db_default if field.has_db_default() else field.get_default()))


def compare(written: Mapping[str, Rows], now: Rows) -> list[str]:
    faults = []
    for stage, tables in written.items():
        rows = [(table, pk, row) for table, rows in tables.items() for pk, row in rows.items()]
        faults += [f"{stage}: {table} {pk} is lost" for table, pk, _ in rows if pk not in now.get(table, {})]
        kept = [(table, now[table][pk], row) for table, pk, row in rows if pk in now.get(table, {})]
        faults += [f"{stage}: {each}" for table, new, old in kept for each in find_differences(table, old, new)]
    return faults


def upgrade(stages: Iterable[str]) -> tuple[dict[str, Rows], Rows]:
    """Write rows in each stage, then upgrade; return what was written in each, and what is there now."""
    written = {name: fill_stage(name) for name in stages}
    call_command("migrate", verbosity=0)
    return written, read_rows(apps)


def count_added(written: Mapping[str, Rows], now: Rows) -> dict[str, int]:
    """Return of how many rows of each table nobody has written them."""
    counts = {table: sum(len(rows.get(table, {})) for rows in written.values()) for table in now}
    return {table: len(now[table]) - count for table, count in counts.items() if len(now[table]) != count}


def test_a_file_keeps_every_row(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock(), use_database(describe_file(tmp_path, "NORMAL")):
        written, now = upgrade(STAGES)
    assert compare(written, now) == []
    assert count_added(written, now) == ADDED


@needs_postgres
def test_postgres_keeps_every_row(django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock(), create_database() as url, use_database(parse_url(url)):
        written, now = upgrade(list(STAGES)[1:])
    assert compare(written, now) == []
    assert count_added(written, now) == {}
