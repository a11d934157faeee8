"""Every address of the server. `tests/web/test_routes.py` states who may use each of them."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from docs_site import views as docs
from server import health
from web import pages
from workspaces.api.schema import get_document
from workspaces.api.session import sign_in_by_link

BROWSER_APP_PATHS = r"^(?:sign-in|connections|api-keys|(?:flows|collections)(?:/.*)?)?$"
"""The addresses of the pages that the browser application draws."""

urlpatterns = [
    path("api/v1/", include("workspaces.urls")),
    path("api/v1/", include("connections.urls")),
    path("api/v1/", include("document_collections.urls")),
    path("api/v1/", include("flows.urls")),
    path("api/v1/openapi.json", get_document),
    path("healthz", health.live),
    path("readyz", health.ready),
    path("sign-in/link/<str:token>", sign_in_by_link),
    path("docs/", docs.show_guide),
    path("docs", RedirectView.as_view(url="/docs/")),
    path("docs/actions/<str:action_type>", docs.show_action),
    path("docs/<str:name>", docs.show_guide),
    path("admin", RedirectView.as_view(url="/admin/")),
    path("admin/", admin.site.urls),
    re_path(BROWSER_APP_PATHS, pages.show_browser_app),
]

handler400 = pages.show_bad_request
handler403 = pages.show_forbidden
handler404 = pages.show_not_found
handler500 = pages.show_server_error
