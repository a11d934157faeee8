"""`manage.py reset_second_factor`: end the second factor of a person who has lost it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from actions.contract.errors import DomainError
from sign_on import factors
from workspaces.audit.record import SERVER
from workspaces.models import User


class Command(BaseCommand):
    help = "End the second factor of a person who has lost it, and sign the person out everywhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", required=True, help="the user name")

    def handle(self, *args: Any, user: str, **options: Any) -> None:
        person = User.objects.filter(username=user).first()
        if person is None:
            raise CommandError(f"There is no user {user!r}.")
        try:
            factors.reset(person, SERVER, list(person.memberships.values_list("workspace_id", flat=True)))
        except DomainError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"{person} signs in without a second factor, and can set up another one under Account.")
