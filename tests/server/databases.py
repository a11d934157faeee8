"""Changes the database file of a server from outside."""

import sqlite3
from contextlib import closing
from pathlib import Path


def change_database(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file, timeout=30)) as database, database:
        database.execute(statement)
