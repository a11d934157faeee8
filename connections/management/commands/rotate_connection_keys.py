"""`manage.py rotate_connection_keys`: encrypt the secrets of connections, variables and second factors anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from connections import services


class Command(BaseCommand):
    help = "Encrypt all secrets with the newest encryption key. Afterwards the older keys can be removed."

    def handle(self, *args: Any, **options: Any) -> None:
        rotated, unreadable = services.rotate_all()
        what = "connections, variables and second factors"
        self.stdout.write(f"The secrets of {rotated} {what} are encrypted with the newest key.")
        if unreadable:
            message = f"{unreadable} connections, variables or second factors could not be read by any key."
            raise CommandError(f"{message} They are unchanged.")
