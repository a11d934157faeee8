"""`manage.py sign_in_link`: print a one-time link that signs a person in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workspaces import links
from workspaces.models import User

NO_USER_HINT = "Name one with --user NAME, or make the first one: manage.py createsuperuser, or make demo for the demo."


class Command(BaseCommand):
    help = "Print a one-time link that signs a person in, valid for an hour."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", default="admin", help="the user name, admin by default")

    def handle(self, *args: Any, user: str, **options: Any) -> None:
        person = User.objects.filter(username=user, is_active=True).first()
        if person is None:
            raise CommandError(f"There is no active user {user!r}. {NO_USER_HINT}")
        self.stdout.write(links.issue_link(person))
