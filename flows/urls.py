"""The addresses of flows, runs and the catalogue, below `/api/v1/`."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from flows.addresses import ADDRESS_PATTERN, FlowReference
from flows.api import catalogue_views, flow_views, run_views, session_views, start_views, stream_check, version_views
from flows.api.exchange import template_views as templates
from flows.api.exchange import views as exchange
from flows.api.queue import views as queue
from flows.api.usage import price_views
from flows.api.usage.views import UsageOfWorkspace
from flows.protocols.ag_ui import views as ag_ui
from flows.protocols.ai_sdk import views as ai_sdk
from web.text import read_uuid


class FlowConverter:
    """A flow in an address, by its id or by an address name."""

    regex = ADDRESS_PATTERN  # an id in the form in which ids are written here fits it, too

    def to_python(self, value: str) -> FlowReference:
        return read_uuid(value) or value

    def to_url(self, value: FlowReference) -> str:
        return str(value)


class ChatConverter(StringConverter):
    """The id of a chat in an address. Its client has chosen it: any text, also one with slashes and line breaks."""

    regex = r"[\s\S]+"


register_converter(FlowConverter, "flow")
register_converter(ChatConverter, "chat")

urlpatterns = [
    path("flows/<flow:flow_id>/stream", start_views.stream),
    path("flows/<flow:flow_id>/run", start_views.run),
    path("flows/<flow:flow_id>/submit", start_views.submit),
    path("flows/<flow:flow_id>/ui", ai_sdk.ask),
    path("flows/<flow:flow_id>/ui/<chat:chat>/stream", ai_sdk.resume),
    path("flows/<flow:flow_id>/ui/<chat:chat>/stop", ai_sdk.stop),
    path("flows/<flow:flow_id>/ag-ui", ag_ui.run_agent),
    path("actions", catalogue_views.Catalogue.as_view()),
    path("actions/<str:action_type>/icon.svg", catalogue_views.get_action_icon),
    path("flows", flow_views.Flows.as_view()),
    path("flows/import/check", exchange.ImportCheck.as_view()),
    path("flows/import", exchange.Import.as_view()),
    path("flows/<flow:flow_id>", flow_views.FlowItem.as_view()),
    path("flows/<flow:flow_id>/graph", flow_views.FlowGraph.as_view()),
    path("flows/<flow:flow_id>/versions", version_views.Versions.as_view()),
    path("flows/<flow:flow_id>/versions/<int:number>", version_views.VersionItem.as_view()),
    path("flows/<flow:flow_id>/versions/<int:number>/comparison", version_views.ComparedVersion.as_view()),
    path("flows/<flow:flow_id>/versions/<int:number>/restore", version_views.RestoredVersion.as_view()),
    path("flows/<flow:flow_id>/versions/<int:number>/publish", version_views.PublishedVersion.as_view()),
    path("flows/<flow:flow_id>/versions/rollback", version_views.RolledBack.as_view()),
    path("flows/<flow:flow_id>/export", exchange.FlowExport.as_view()),
    path("templates", templates.Templates.as_view()),
    path("templates/<slug:name>/flow", templates.TemplateUse.as_view()),
    path("flows/<flow:flow_id>/sessions", session_views.Sessions.as_view()),
    path("runs", run_views.Runs.as_view()),
    path("runs/<uuid:run_id>", run_views.state),
    path("runs/<uuid:run_id>/events", run_views.events),
    path("runs/<uuid:run_id>/tickets", run_views.issue_ticket),
    path("runs/<uuid:run_id>/nodes/<str:node_id>", run_views.node_values),
    path("runs/<uuid:run_id>/cancel", run_views.cancel),
    path("queue", queue.QueueOfWorkspace.as_view()),
    path("schedules", queue.Schedules.as_view()),
    path("schedules/preview", queue.SchedulePreview.as_view()),
    path("schedules/<uuid:schedule_id>", queue.ScheduleItem.as_view()),
    path("stream-check", stream_check.check_stream),
    path("usage", UsageOfWorkspace.as_view()),
    path("prices", price_views.Prices.as_view()),
    path("prices/<uuid:price_id>", price_views.PriceItem.as_view()),
]
