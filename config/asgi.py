"""The ASGI application: static files, Django over HTTP, and sockets from this server's own pages."""

import os
from typing import cast

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import WebsocketDenier
from channels.sessions import CookieMiddleware
from django.core.asgi import get_asgi_application
from django.urls import re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_asgi_application()

from connections.secrets import require_keys  # noqa: E402  (settings must be ready first)
from demo.simulator import mount_simulator  # noqa: E402
from flows.wire.routing import websocket_urlpatterns  # noqa: E402
from server.backpressure import PacedApplication  # noqa: E402
from server.body_limit import BodyLimit  # noqa: E402
from server.startup import ServerStartup  # noqa: E402
from server.static_files import StaticFiles  # noqa: E402
from web.middleware.asgi import App, AtRoot, SameOrigin  # noqa: E402

require_keys()  # a server without its encryption keys does not start

sockets = CookieMiddleware(URLRouter([*websocket_urlpatterns, re_path(r"", WebsocketDenier.as_asgi())]))
http = mount_simulator(AtRoot(BodyLimit(StaticFiles(cast(App, django)))))
application = ServerStartup(
    PacedApplication(ProtocolTypeRouter({"http": http, "websocket": SameOrigin(sockets), "lifespan": http}))
)
