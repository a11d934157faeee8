"""`manage.py rotate_connection_keys`: encrypt the secrets of all connections and variables with the newest key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from connections import services


class Command(BaseCommand):
    help = "Encrypt all secrets with the newest encryption key. Afterwards the older keys can be removed."

    def handle(self, *args: Any, **options: Any) -> None:
        rotated, unreadable = services.rotate_all()
        self.stdout.write(f"The secrets of {rotated} connections and variables are encrypted with the newest key.")
        if unreadable:
            message = f"{unreadable} connections or variables could not be read by any key. They are unchanged."
            raise CommandError(message)
