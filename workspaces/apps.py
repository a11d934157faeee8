from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "workspaces"

    def ready(self) -> None:
        from workspaces.people import sessions  # noqa: F401  # hears of each sign-in; models must be loaded first
