"""Every address of the server. `tests/web/test_routes.py` names who may use each of them."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from docs_site import views as docs
from server import health
from web import error_views, pages
from workspaces.api.schema import Schema
from workspaces.api.session import sign_in_link

BROWSER_APP = r"^(?:sign-in|connections|api-keys|(?:flows|collections)(?:/.*)?)?$"
"""The addresses of pages that the browser's application draws."""

urlpatterns = [
    path("api/v1/", include("workspaces.urls")),
    path("api/v1/", include("connections.urls")),
    path("api/v1/", include("document_collections.urls")),
    path("api/v1/", include("flows.urls")),
    path("api/v1/openapi.json", Schema.as_view()),
    path("healthz", health.live),
    path("readyz", health.ready),
    path("sign-in/link/<str:token>", sign_in_link),
    path("docs/", docs.page),
    path("docs", RedirectView.as_view(url="/docs/")),
    path("docs/actions/<str:action_type>", docs.action_page),
    path("docs/<str:name>", docs.page),
    path("admin", RedirectView.as_view(url="/admin/")),
    path("admin/", admin.site.urls),
    re_path(BROWSER_APP, pages.browser_app, name="browser-app"),
]

handler400 = error_views.bad_request
handler403 = error_views.forbidden
handler404 = error_views.not_found
handler500 = error_views.server_error
