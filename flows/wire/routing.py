"""The sockets of the server."""

from django.urls import path

from flows.wire.echo_socket import EchoConsumer
from flows.wire.socket import FlowConsumer

websocket_urlpatterns = [
    path("ws/flows/<uuid:flow_id>", FlowConsumer.as_asgi()),
    path("ws/stream-check", EchoConsumer.as_asgi()),
]
