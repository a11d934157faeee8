"""Every address of the server. `tests/web/test_routes.py` names who may use each of them."""

from django.contrib import admin
from django.urls import path, re_path
from django.views.generic import RedirectView

from web import error_views, pages

urlpatterns = [
    path("admin", RedirectView.as_view(url="/admin/")),
    path("admin/", admin.site.urls),
    re_path(r"^(?:sign-in|connections|api-keys|flows(?:/.*)?)?$", pages.browser_app, name="browser-app"),
]

handler400 = error_views.bad_request
handler403 = error_views.forbidden
handler404 = error_views.not_found
handler500 = error_views.server_error
