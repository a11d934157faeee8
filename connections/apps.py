from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConnectionsConfig(AppConfig):
    name = "connections"

    def ready(self) -> None:
        from connections.services import connection_usages
        from connections.stand_ins import find_connections_with

        post_migrate.connect(_create_first_key, sender=self)
        connection_usages.register(find_connections_with)


def _create_first_key(**options: Any) -> None:
    """Create the encryption key when the tables are created. A server never creates one: it would hide a lost key."""
    from connections.services import ensure_keys  # models must be loaded first

    ensure_keys()
