from django.apps import AppConfig


class DocumentCollectionsConfig(AppConfig):
    name = "document_collections"
    label = "vectors"  # the tables and migrations keep the name that they began with

    def ready(self) -> None:
        from connections.services import register_usage
        from document_collections.services import collections_using

        register_usage(collections_using)
