"""The addresses of flows, runs and the catalogue, below `/api/v1/`."""

from django.urls import path

from flows.api import stream, views

urlpatterns = [
    path("actions", views.Catalogue.as_view()),
    path("actions/<str:action_type>/icon.svg", views.action_icon),
    path("flows", views.Flows.as_view()),
    path("flows/<uuid:flow_id>", views.FlowItem.as_view()),
    path("flows/<uuid:flow_id>/graph", views.FlowGraph.as_view()),
    path("flows/<uuid:flow_id>/stream", stream.stream),
    path("flows/<uuid:flow_id>/run", stream.run),
    path("flows/<uuid:flow_id>/submit", stream.submit),
    path("runs", views.Runs.as_view()),
    path("runs/<uuid:run_id>", stream.state),
    path("runs/<uuid:run_id>/events", stream.events),
    path("runs/<uuid:run_id>/cancel", stream.cancel),
]
