"""`manage.py backup FOLDER`: copy all that the server keeps, while it runs."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from server.copies.backups import BackupRefused, back_up, require_file_database

PG_DUMP = 'pg_dump --format=custom --file=millrace.dump "$MILLRACE_DATABASE_URL"'


class Command(BaseCommand):
    help = "Copy the database, the keys and the waiting uploads to a new folder. The server may go on."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that does not exist yet")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            require_file_database(PG_DUMP)
            back_up(settings.MILLRACE_DATA_DIR, folder.resolve())
        except BackupRefused as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"The backup is in {folder}. It holds the encryption keys: let nobody else read it.")
