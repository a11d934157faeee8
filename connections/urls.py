"""The addresses of connections, below `/api/v1/`."""

from django.urls import path

from connections.api import trials
from connections.api.views import ConnectionItem, ConnectionKinds, Connections

urlpatterns = [
    path("connection-kinds", ConnectionKinds.as_view()),
    path("connections", Connections.as_view()),
    path("connections/<uuid:connection_id>", ConnectionItem.as_view()),
    path("connections/<uuid:connection_id>/test", trials.test_connection),
    path("connections/<uuid:connection_id>/models", trials.list_models),
]
