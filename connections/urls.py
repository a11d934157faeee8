"""The addresses of connections and variables, below `/api/v1/`."""

from django.urls import path

from connections.api import trials
from connections.api.variable_views import VariableItem, Variables
from connections.api.views import ConnectionItem, ConnectionKinds, Connections

urlpatterns = [
    path("connection-kinds", ConnectionKinds.as_view()),
    path("connections", Connections.as_view()),
    path("connections/<uuid:connection_id>", ConnectionItem.as_view()),
    path("connections/<uuid:connection_id>/test", trials.test_connection),
    path("connections/<uuid:connection_id>/models", trials.list_models),
    path("variables", Variables.as_view()),
    path("variables/<uuid:variable_id>", VariableItem.as_view()),
]
