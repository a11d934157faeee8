from django.apps import AppConfig


class ChatsConfig(AppConfig):
    name = "chats"

    def ready(self) -> None:
        from chats.services import measure_storage
        from workspaces.storage import storage

        storage.register(measure_storage)
