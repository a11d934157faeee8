"""`manage.py new_encryption_key`: put a new encryption key before the others."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from connections import secrets


class Command(BaseCommand):
    help = "Put a new encryption key before the others. The new key encrypts from now on; the others still decrypt."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MILLRACE_ENCRYPTION_KEYS:
            raise CommandError("The keys come from MILLRACE_ENCRYPTION_KEYS. Put the new key first in that variable.")
        secrets.add_newest_key()
        self.stdout.write("The new key is in place. Now run: python manage.py rotate_connection_keys")
