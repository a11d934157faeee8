from django.apps import AppConfig


class ChatPagesConfig(AppConfig):
    name = "chat_pages"

    def ready(self) -> None:
        from chat_pages.pages import find_open_visits
        from workspaces.visits import open_visits

        open_visits.register(find_open_visits)
