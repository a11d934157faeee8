from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "flows"

    def ready(self) -> None:
        from django.conf import settings

        from connections.services import connection_usages
        from connections.variables.services import variable_usages
        from document_collections.services import collection_usages
        from flows.protocols.error_choice import choose_error_form
        from flows.runs.execution.runner import set_runner
        from flows.services import find_existing_flows, find_flows_reading, find_flows_using, measure_storage
        from web.error_forms import error_forms
        from workspaces.keys import flow_finders
        from workspaces.storage import storage

        error_forms.register(choose_error_form)
        connection_usages.register(find_flows_using)
        collection_usages.register(find_flows_using)
        variable_usages.register(find_flows_reading)
        flow_finders.register(find_existing_flows)
        storage.register(measure_storage)
        if settings.MILLRACE_RUNS == "workers":
            from flows.runs.execution.queue import QueuedRuns  # only where the queue is installed

            set_runner(QueuedRuns())
        else:
            from flows.runs.execution.here import RunsHere

            set_runner(RunsHere())
