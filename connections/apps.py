from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConnectionsConfig(AppConfig):
    name = "connections"

    def ready(self) -> None:
        post_migrate.connect(_create_first_key, sender=self)


def _create_first_key(**options: Any) -> None:
    """The encryption key is made with the tables, beside the database; a server only ever finds it there."""
    from connections.services import ensure_keys  # models must be loaded first

    ensure_keys()
