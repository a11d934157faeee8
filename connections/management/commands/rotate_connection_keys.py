"""`manage.py rotate_connection_keys`: encrypt every connection's secrets under the newest key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from connections import services


class Command(BaseCommand):
    help = "Encrypt all secrets under the newest encryption key. Afterwards the older keys can be removed."

    def handle(self, *args: Any, **options: Any) -> None:
        done, failed = services.rotate_all()
        self.stdout.write(f"{done} connections are under the newest key.")
        if failed:
            raise CommandError(f"{failed} connections could not be read by any key. They are unchanged.")
