"""The ASGI application: static files, Django over HTTP, and sockets from this server's own pages."""

import os
from typing import cast

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import WebsocketDenier
from django.core.asgi import get_asgi_application
from django.urls import re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_asgi_application()

from web.asgi import App, AtRoot, BodyLimit, SameOrigin, StaticFiles  # noqa: E402  (settings must be ready first)

sockets = URLRouter([re_path(r"", WebsocketDenier.as_asgi())])
application = ProtocolTypeRouter(
    {"http": AtRoot(BodyLimit(StaticFiles(cast(App, django)))), "websocket": SameOrigin(sockets)}
)
