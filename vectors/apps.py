from django.apps import AppConfig


class VectorsConfig(AppConfig):
    name = "vectors"

    def ready(self) -> None:
        from connections.services import register_usage
        from vectors.services import collections_using

        register_usage(collections_using)
