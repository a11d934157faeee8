"""`manage.py restore FOLDER`: put a backup in place of what the server keeps. The server must be stopped."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from server.copies.backups import BackupRefused, require_file_database, restore

PG_RESTORE = 'pg_restore --clean --if-exists --dbname="$MILLRACE_DATABASE_URL" millrace.dump'


class Command(BaseCommand):
    help = "Put a backup in place of the data folder. The server must be stopped; the old folder is kept beside it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that `manage.py backup` has made")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            require_file_database(PG_RESTORE)
            kept = restore(folder.resolve(), settings.MILLRACE_DATA_DIR)
        except BackupRefused as error:
            raise CommandError(str(error)) from None
        self.stdout.write("The backup is in place." + (f" The old folder is kept in {kept}." if kept else ""))
        self.stdout.write("Bring its tables up to date, then start the server: python manage.py migrate")
