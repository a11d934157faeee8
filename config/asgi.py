"""The ASGI application: static files, Django over HTTP, and sockets from this server's own pages."""

import os
from typing import cast

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import WebsocketDenier
from channels.sessions import CookieMiddleware
from django.core.exceptions import ImproperlyConfigured
from django.urls import re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
try:
    django.setup(set_prefix=False)
except ImproperlyConfigured as error:
    raise SystemExit(f"Millrace cannot start. {error}") from None

from demo.simulator import mount_simulator
from flows.wire.routing import websocket_urlpatterns
from server.access_log import AccessLog
from server.backpressure import PacedApplication
from server.bodies.body_limit import BodyLimit
from server.request_turns import RequestTurns
from server.startup import ServerStartup
from server.static_files import StaticFiles
from server.tracing.incoming import read_traces
from web.middleware.asgi import App, AtRoot, SameOrigin
from web.middleware.django_handler import DjangoHandler
from web.middleware.sub_path import mount_below_sub_path, tell_sub_path

sockets = CookieMiddleware(URLRouter([*websocket_urlpatterns, re_path(r"", WebsocketDenier.as_asgi())]))
http = mount_simulator(AtRoot(BodyLimit(StaticFiles(tell_sub_path(cast(App, DjangoHandler()))))))
application = mount_below_sub_path(
    ServerStartup(
        AccessLog(
            read_traces(
                RequestTurns(
                    PacedApplication(
                        ProtocolTypeRouter({"http": http, "websocket": SameOrigin(sockets), "lifespan": http})
                    )
                )
            )
        )
    )
)
