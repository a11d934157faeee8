from django.apps import AppConfig


class SignOnConfig(AppConfig):
    name = "sign_on"

    def ready(self) -> None:
        from django.conf import settings
        from django.contrib import admin

        from connections.services import sealed_stores
        from sign_on import factors
        from sign_on.parts import Parts
        from workspaces.second_factor import sign_on

        provider = settings.MILLRACE_OIDC
        sign_on.register(Parts(), provider.name if provider else "")
        sealed_stores.append(factors.rotate_secrets)
        _hide_library(admin.site)


def _hide_library(site: object) -> None:
    """Take the library's tables out of /admin/: there, a factor and a provider could be put in the place of another."""
    from django.apps import apps
    from django.contrib.admin import AdminSite

    assert isinstance(site, AdminSite)
    for label in ("account", "socialaccount", "mfa"):
        for model in apps.get_app_config(label).get_models():
            if site.is_registered(model):
                site.unregister(model)
