"""Statements that Django builds once and the database's own driver executes from then on, for both databases. Sync.

Django builds and compiles a query again for every call. That takes several times as long as the query in a database of
the same process, and the wrappers around a cursor take as long again. Every start of a run reads a key, a flow and
connections, and stores a row.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, ForeignKey, Model, QuerySet, UUIDField

Row = TypeVar("Row", bound=Model)
Values = TypeVar("Values")
Record = tuple[Any, ...]
Adapter = Callable[[Any], Any]

PLAIN_FIELDS = frozenset(
    {"BigAutoField", "BooleanField", "CharField", "PositiveBigIntegerField", "PositiveIntegerField", "TextField"}
)
"""The kinds of fields whose values the drivers take as they are."""
MAX_KEPT = 1_000
"""The records of one lookup whose values are kept."""


def execute(sql: str, values: Sequence[object] = ()) -> Any:
    """Execute a statement of the driver's own form; return the driver's cursor. Raises Django's errors."""
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    with database.wrap_database_errors:
        cursor = database.connection.cursor()
        cursor.execute(sql, values)
        return cursor


def fetch_all(sql: str, values: Sequence[object] = ()) -> list[Record]:
    """Execute a query of the driver's own form; return its rows as the driver reads them. Raises Django's errors."""
    database = connections[DEFAULT_DB_ALIAS]
    with database.wrap_database_errors:
        rows: list[Record] = execute(sql, values).fetchall()
        return rows


def write_for_driver(sql: str) -> str:
    """Return a statement with `%s` in the place of each value in the form of the database's driver."""
    return sql.replace("%s", "?") if connections[DEFAULT_DB_ALIAS].vendor == "sqlite" else sql


def adapt_id(id: UUID | str) -> Any:
    """Return an id as the database's driver takes it: SQLite has no type for it and stores its hexadecimal digits."""
    return id if connections[DEFAULT_DB_ALIAS].features.has_native_uuid_field else _get_hex(id)


def adapt_time(moment: datetime) -> Any:
    """Return a moment as the database's driver takes it: SQLite has no type for it and stores a text in UTC."""
    return connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value(moment)


class _CompiledQuery(NamedTuple):
    """A query as text, and the functions that convert a database's values to Python's."""

    sql: str
    adapters: Sequence[Adapter | None]
    """By position of a value; None where the driver takes it as it is."""
    converters: Mapping[int, tuple[Any, Any]]
    """By position of a column."""


class _Finder(Generic[Row]):
    """Finds the record whose `columns` have the given values. Compiles its query at the first call."""

    def __init__(self, model: type[Row], columns: Sequence[str], fields: Sequence[str]) -> None:
        self._model = model
        self._columns = columns
        self._fields = fields
        self._query: _CompiledQuery | None = None

    def find(self, values: Sequence[object]) -> Record | None:
        """Return the fields of the row as the driver reads them."""
        query = self._query = self._query or self._compile(values)
        pairs = zip(query.adapters, values, strict=True)
        params = [value if adapt is None else adapt(value) for adapt, value in pairs]
        record: Record | None = execute(query.sql, params).fetchone()
        return record

    def find_all(self, values: Sequence[object]) -> list[Record]:
        """Return the fields of all rows as the driver reads them, in no order of their own."""
        query = self._query = self._query or self._compile(values)
        pairs = zip(query.adapters, values, strict=True)
        return fetch_all(query.sql, [value if adapt is None else adapt(value) for adapt, value in pairs])

    def convert(self, record: Record) -> list[Any]:
        """Return the values of a record that was found, as Django reads them."""
        assert self._query is not None
        database, values = connections[DEFAULT_DB_ALIAS], list(record)
        for index, (functions, expression) in self._query.converters.items():
            for function in functions:
                values[index] = function(values[index], expression, database)
        return values

    def _compile(self, values: Sequence[object]) -> _CompiledQuery:
        rows: QuerySet[Any] = self._model._default_manager.order_by()
        for name, value in zip(self._columns, values, strict=True):  # one by one, because filter() sorts its arguments
            rows = rows.filter(**{name: value})
        compiler = rows.values_list(*self._fields).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, _ = compiler.as_sql()
        database = connections[DEFAULT_DB_ALIAS]
        return _CompiledQuery(
            write_for_driver(sql),
            [choose_adapter(self._model._meta.get_field(name), database) for name in self._columns],
            compiler.get_converters([column for column, _, _ in compiler.select or ()]),
        )


class RowLookup(Generic[Row]):
    """Finds the row whose `columns` have the given values.

    Call it with one value for each of `columns`, in their order; it returns the row or None. `columns` are named as the
    row's attributes are (`workspace_id`), and must identify at most one row.
    """

    def __init__(self, model: type[Row], *columns: str) -> None:
        self._model = model
        self._names = [field.attname for field in model._meta.concrete_fields]
        self._finder = _Finder(model, columns, self._names)

    def __call__(self, *values: object) -> Row | None:
        record = self._finder.find(values)
        return None if record is None else self.build_row(record)

    def find_record(self, *values: object) -> Record | None:
        """Return the row's fields as the driver reads them: equal records are equal rows."""
        return self._finder.find(values)

    def build_row(self, record: Record) -> Row:
        return self._model.from_db(DEFAULT_DB_ALIAS, self._names, self._finder.convert(record))


class ValueLookup(Generic[Row, Values]):
    """Finds the row whose `columns` have the given values, as `RowLookup` does, and returns some of its values.

    `result` is a NamedTuple, whose fields are named as the row's attributes. What was built of a record is kept: an
    equal record has the same values, which nobody may change.
    """

    def __init__(self, result: type[Values], model: type[Row], *columns: str) -> None:
        self._build: Callable[[list[Any]], Values] = result._make  # type: ignore[attr-defined]  # of a NamedTuple
        self._finder = _Finder(model, columns, result._fields)  # type: ignore[attr-defined]
        self._built: dict[Record, Values] = {}

    def __call__(self, *values: object) -> Values | None:
        record = self._finder.find(values)
        if record is None:
            return None
        built = self._built.get(record)
        if built is None:
            if len(self._built) >= MAX_KEPT:
                self._built.clear()
            built = self._built[record] = self._build(self._finder.convert(record))
        return built


class RowsLookup(Generic[Row]):
    """Finds `fields` of the rows whose `columns` have the given values, sorted, as the driver reads them.

    Equal lists are equal rows. `fields` and `columns` are named as the row's attributes are.
    """

    def __init__(self, model: type[Row], fields: Sequence[str], *columns: str) -> None:
        self._finder = _Finder(model, columns, fields)

    def __call__(self, *values: object) -> list[Record]:
        return sorted(self._finder.find_all(values))


class RowInsert:
    """Stores a row: call it with a value for each of `columns`, named as the row's attributes. Others take defaults.

    Raises IntegrityError as Django does.
    """

    def __init__(self, model: type[Model], *columns: str) -> None:
        self._model = model
        self._columns = columns
        self._statement: tuple[str, list[Adapter | None], list[Any]] | None = None

    def __call__(self, **values: object) -> None:
        sql, adapters, defaults = self._statement = self._statement or self._build()
        pairs = zip(adapters, self._columns, strict=True)
        given = [values[name] if adapt is None else adapt(values[name]) for adapt, name in pairs]
        execute(sql, given + defaults)

    def _build(self) -> tuple[str, list[Adapter | None], list[Any]]:
        database = connections[DEFAULT_DB_ALIAS]
        fields: list[Field[Any, Any]] = [self._model._meta.get_field(name) for name in self._columns]  # type: ignore[misc]
        others = [field for field in self._model._meta.concrete_fields if field not in fields and not field.primary_key]
        columns = [str(field.column) for field in (*fields, *others)]
        names, places = ", ".join(columns), ", ".join(["%s"] * len(columns))
        sql = f"INSERT INTO {self._model._meta.db_table} ({names}) VALUES ({places})"  # noqa: S608 (no values)
        defaults = [field.get_db_prep_save(field.get_default(), database) for field in others]
        return write_for_driver(sql), [choose_adapter(field, database) for field in fields], defaults


def choose_adapter(field: Any, database: BaseDatabaseWrapper) -> Adapter | None:
    """Return what turns a value of the field into one for the driver; None where the driver takes it as it is."""
    target = field.target_field if isinstance(field, ForeignKey) else field
    if isinstance(target, UUIDField) and not database.features.has_native_uuid_field:
        return _get_hex
    if target.get_internal_type() in PLAIN_FIELDS:
        return None
    return partial(target.get_db_prep_save, connection=database)


def _get_hex(id: UUID | str | None) -> str | None:
    if isinstance(id, str):
        id = UUID(id)
    return None if id is None else id.hex
