"""Every address of the server. `tests/web/test_routes.py` states who may use each of them."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from chat_pages.api import picture_views as pictures
from chat_pages.api import widget_views as widget
from docs_site import views as docs
from flows.protocols import model_views
from flows.protocols.anthropic_messages import views as anthropic
from flows.protocols.mcp import views as mcp
from flows.protocols.openai_chat import views as openai
from flows.protocols.openai_responses import views as responses
from server import health
from web import pages
from web.middleware.sub_path import add_sub_path
from workspaces.api.schema import get_document
from workspaces.api.session import sign_in_by_link

_PAGES = "sign-in|join|new-password|account|members|audit-log|queue|connections|variables|api-keys|usage|stream-check"
BROWSER_APP_PATHS = rf"^(?:{_PAGES}|(?:flows|collections)(?:/.*)?)?$"
"""The addresses of the pages that the browser application draws."""

urlpatterns = [
    path("api/v1/", include("flows.urls")),  # first, because Django tries one after the other
    path("api/v1/", include("chat_pages.urls")),
    path("api/v1/", include("workspaces.urls")),
    path("api/v1/", include("connections.urls")),
    path("api/v1/", include("document_collections.urls")),
    *([path("", include("sign_on.urls"))] if settings.MILLRACE_SIGN_ON else []),
    path("api/v1/openapi.json", get_document),
    path("v1/chat/completions", openai.complete),
    path("v1/responses", responses.respond),
    path("v1/messages", anthropic.create_message),
    path("v1/messages/count_tokens", anthropic.count_tokens),
    path("v1/models", model_views.show_models),
    path("v1/models/<str:model>", model_views.show_model),
    path("mcp", mcp.serve),
    path("healthz", health.live),
    path("readyz", health.ready),
    path("sign-in/link/<str:token>", sign_in_by_link),
    path("docs/", docs.show_guide),
    path("docs", RedirectView.as_view(url=add_sub_path("/docs/"))),
    path("docs/actions/<str:action_type>", docs.show_action),
    path("docs/<str:name>", docs.show_guide),
    path("admin", RedirectView.as_view(url=add_sub_path("/admin/"))),
    path("admin/", admin.site.urls),
    path("chat/<slug:address>", pages.show_chat_page),
    path("chat/<slug:address>/app.webmanifest", pictures.show_manifest),
    path("chat/<slug:address>/icon.svg", pictures.show_icon),
    path("chat/<slug:address>/logo", pictures.show_logo),
    path("chat/<slug:address>/widget", widget.show_frame),
    path("chat/<slug:address>/widget.js", widget.show_script),
    path("chat/<slug:address>/widget.json", widget.show_button),
    re_path(BROWSER_APP_PATHS, pages.show_browser_app),
]

handler400 = pages.show_bad_request
handler403 = pages.show_forbidden
handler404 = pages.show_not_found
handler500 = pages.show_server_error
