"""Finds a row by the values of fixed columns, with a query that Django compiles once.

Django itself builds and compiles the query again for every call. That takes several times as long as the query in a
database of the same process, and every start of a run needs three such queries before the first chunk.
"""

from collections.abc import Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


class _CompiledQuery(NamedTuple):
    """A query as text, and by position of a column the functions that convert the database's value to Python's."""

    sql: str
    converters: Mapping[int, tuple[Any, Any]]


class CompiledLookup(Generic[Row]):
    """Finds the row whose `columns` have the given values.

    Call it with one value for each of `columns`, in their order; it returns the row or None. `columns` are named as the
    row's attributes are (`workspace_id`), and must identify at most one row. Sync.
    """

    def __init__(self, model: type[Row], *columns: str) -> None:
        self._model = model
        self._columns = columns
        self._names = [field.attname for field in model._meta.concrete_fields]
        self._fields: list[Any] = [model._meta.get_field(name) for name in columns]
        self._query: _CompiledQuery | None = None

    def __call__(self, *values: object) -> Row | None:
        database = connections[DEFAULT_DB_ALIAS]
        query = self._query = self._query or self._compile(values)
        pairs = zip(self._fields, values, strict=True)
        params = [field.get_db_prep_value(value, database) for field, value in pairs]
        with database.cursor() as cursor:
            cursor.execute(query.sql, params)
            record = cursor.fetchone()
        return None if record is None else self._build_row(record, query, database)

    def _compile(self, values: tuple[object, ...]) -> _CompiledQuery:
        rows = self._model._default_manager.order_by()
        for name, value in zip(self._columns, values, strict=True):  # one by one, because filter() sorts its arguments
            rows = rows.filter(**{name: value})
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, _ = compiler.as_sql()
        return _CompiledQuery(sql, compiler.get_converters([column for column, _, _ in compiler.select or ()]))

    def _build_row(self, record: tuple[Any, ...], query: _CompiledQuery, database: BaseDatabaseWrapper) -> Row:
        values = list(record)
        for index, (functions, expression) in query.converters.items():
            for function in functions:
                values[index] = function(values[index], expression, database)
        return self._model.from_db(DEFAULT_DB_ALIAS, self._names, values)
