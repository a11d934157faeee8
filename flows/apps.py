from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "flows"

    def ready(self) -> None:
        from connections.services import connection_usages
        from document_collections.services import collection_usages
        from flows.services import existing_flows, flows_naming, flows_using
        from workspaces.keys import flow_finders

        connection_usages.register(flows_using)
        collection_usages.register(flows_naming)
        flow_finders.register(existing_flows)
