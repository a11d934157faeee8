from django.apps import AppConfig


class DocumentCollectionsConfig(AppConfig):
    name = "document_collections"
    label = "vectors"  # the tables and migrations keep the name that they began with

    def ready(self) -> None:
        from connections.services import connection_usages
        from document_collections.services import find_collections_using, measure_storage
        from workspaces.storage import storage

        connection_usages.register(find_collections_using)
        storage.register(measure_storage)
