from django.apps import AppConfig


class ChatPagesConfig(AppConfig):
    name = "chat_pages"

    def ready(self) -> None:
        from chat_pages.files import load_contents, measure_storage
        from chat_pages.pages import find_open_visits
        from flows.stored_files import stored_files
        from workspaces.storage import storage
        from workspaces.visits import open_visits

        open_visits.register(find_open_visits)
        stored_files.register(load_contents)
        storage.register(measure_storage)
