from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "flows"

    def ready(self) -> None:
        from connections.services import register_usage
        from flows.services import flows_using

        register_usage(flows_using)
