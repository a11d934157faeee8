"""`manage.py copy_to_postgres`: copy all that the SQLite file holds to the PostgreSQL database of the settings."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from server.copies.backups import DATABASE, BackupRefused, require_stopped
from server.copies.to_postgres import CopyRefused, copy_database


class Command(BaseCommand):
    help = "Copy the SQLite file to the empty PostgreSQL database of MILLRACE_DATABASE_URL. The server must be stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        default = settings.MILLRACE_DATA_DIR / DATABASE
        parser.add_argument("file", nargs="?", type=Path, default=default, help=f"the file, by default {default}")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            require_stopped(file.resolve().parent)
            counts = copy_database(file.resolve())
        except (BackupRefused, CopyRefused) as error:
            raise CommandError(str(error)) from None
        filled = {table: count for table, count in counts.items() if count}
        for table, count in filled.items():
            self.stdout.write(f"{count:>10,}  {table}")
        self.stdout.write(f"{sum(filled.values()):,} rows of {len(filled)} tables were copied, and counted again.")
        self.stdout.write("Start the server with MILLRACE_DATABASE_URL and the same MILLRACE_DATA_DIR.")
