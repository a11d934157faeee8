"""Marks of tests that are about one of the two databases that the suite may run on."""

import pytest
from django.db import connection

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite; this is another database")
on_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL; see `make postgres`")
