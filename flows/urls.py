"""The addresses of flows, runs and the catalogue, below `/api/v1/`."""

from django.urls import path

from flows.api import catalogue_views, flow_views, run_views, start_views

urlpatterns = [
    path("actions", catalogue_views.Catalogue.as_view()),
    path("actions/<str:action_type>/icon.svg", catalogue_views.get_action_icon),
    path("flows", flow_views.Flows.as_view()),
    path("flows/<uuid:flow_id>", flow_views.FlowItem.as_view()),
    path("flows/<uuid:flow_id>/graph", flow_views.FlowGraph.as_view()),
    path("flows/<uuid:flow_id>/stream", start_views.stream),
    path("flows/<uuid:flow_id>/run", start_views.run),
    path("flows/<uuid:flow_id>/submit", start_views.submit),
    path("runs", run_views.Runs.as_view()),
    path("runs/<uuid:run_id>", run_views.state),
    path("runs/<uuid:run_id>/events", run_views.events),
    path("runs/<uuid:run_id>/cancel", run_views.cancel),
]
