from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "flows"

    def ready(self) -> None:
        from connections.services import connection_usages
        from document_collections.services import collection_usages
        from flows.services import find_existing_flows, find_flows_naming, find_flows_using
        from workspaces.keys import flow_finders

        connection_usages.register(find_flows_using)
        collection_usages.register(find_flows_naming)
        flow_finders.register(find_existing_flows)
