from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "flows"

    def ready(self) -> None:
        from connections.services import register_usage
        from document_collections.services import register_usage as register_usage_of_collections
        from flows.services import existing_flows, flows_naming, flows_using
        from workspaces.keys import register_flows

        register_usage(flows_using)
        register_usage_of_collections(flows_naming)
        register_flows(existing_flows)
