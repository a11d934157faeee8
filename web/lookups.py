"""Rows by the values of fixed columns, by a query that Django compiles once.

It would build and compile the query anew each time, which takes several times as long as asking a database in the
same process, and a run asks three times before its caller hears anything.
"""

from collections.abc import Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


class _Query(NamedTuple):
    """A query as text, and by position what makes a value of Python out of one of the database."""

    sql: str
    converters: Mapping[int, tuple[Any, Any]]


class Lookup(Generic[Row]):
    """Called with one value for each of `columns`, returns the row that has them all, or None.

    `columns` are named as a row has them (`workspace_id`). Together they tell one row from all others. Sync.
    """

    def __init__(self, model: type[Row], *columns: str) -> None:
        self._model = model
        self._columns = columns
        self._names = [field.attname for field in model._meta.concrete_fields]
        self._fields: list[Any] = [model._meta.get_field(name) for name in columns]
        self._query: _Query | None = None

    def __call__(self, *values: object) -> Row | None:
        database = connections[DEFAULT_DB_ALIAS]
        query = self._query = self._query or self._compiled(values)
        pairs = zip(self._fields, values, strict=True)
        params = [field.get_db_prep_value(value, database) for field, value in pairs]
        with database.cursor() as cursor:
            cursor.execute(query.sql, params)
            found = cursor.fetchone()
        return None if found is None else self._row(found, query, database)

    def _compiled(self, values: tuple[object, ...]) -> _Query:
        rows = self._model._default_manager.order_by()
        for name, value in zip(self._columns, values, strict=True):  # one by one: filter() sorts what it is given
            rows = rows.filter(**{name: value})
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, _ = compiler.as_sql()
        return _Query(sql, compiler.get_converters([column for column, _, _ in compiler.select or ()]))

    def _row(self, found: tuple[Any, ...], query: _Query, database: BaseDatabaseWrapper) -> Row:
        values = list(found)
        for at, (functions, expression) in query.converters.items():
            for function in functions:
                values[at] = function(values[at], expression, database)
        return self._model.from_db(DEFAULT_DB_ALIAS, self._names, values)
