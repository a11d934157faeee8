from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "flows"

    def ready(self) -> None:
        from connections.services import register_usage
        from flows.services import existing_flows, flows_using
        from workspaces.keys import register_flows

        register_usage(flows_using)
        register_flows(existing_flows)
