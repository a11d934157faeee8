from django.apps import AppConfig
from django.core.signals import request_started
from django.db import close_old_connections, reset_queries


class WebConfig(AppConfig):
    name = "web"

    def ready(self) -> None:
        # Django runs these in a thread before every request. The thread has no connection: its last request has closed
        # it. So they would only delay the first chunk. Their counterparts at the end of a request stay connected.
        request_started.disconnect(close_old_connections)
        request_started.disconnect(reset_queries)
