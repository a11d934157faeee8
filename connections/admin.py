"""Connections in Django's admin. Secrets are written here and never read: no page, no history shows one."""

from functools import cache
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from actions.contract.errors import DomainError
from actions.contract.registry import get_connection_kinds
from connections import services
from connections.models import Connection
from connections.sealing import seal_connection

SECRET_FIELD_PREFIX = "secret_"  # noqa: S105  (what a field's name begins with)
HELP_FOR_EMPTY_FIELD = "Leave it empty to keep the stored one. A changed address clears it."


class ConnectionForm(forms.ModelForm):
    """Settings as JSON, and one write-only field for every secret that a kind has."""

    class Meta:
        model = Connection
        fields = ("workspace", "name", "kind", "settings")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["settings"].required = False
        choices = [(kind, cls.title) for kind, cls in get_connection_kinds().items()]
        self.fields["kind"] = forms.ChoiceField(choices=choices, disabled=not self.instance._state.adding)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = {
            name.removeprefix(SECRET_FIELD_PREFIX): value
            for name, value in cleaned.items()
            if name.startswith(SECRET_FIELD_PREFIX) and value
        }
        if not self.errors:
            self._fill(cleaned, given)
        return cleaned

    def _fill(self, cleaned: dict[str, Any], given: dict[str, str]) -> None:
        """Put what was given into the row; the model's own fields are set from `cleaned` afterwards."""
        before = Connection.objects.filter(pk=self.instance.pk).first() or Connection(pk=self.instance.pk)
        before.kind, before.name = cleaned["kind"], cleaned["name"]
        services.ensure_keys()
        try:
            seal_connection(before, cleaned.get("settings") or {}, given)
        except DomainError as error:
            part, _, name = (error.field or "").partition(".")
            self.add_error(f"{SECRET_FIELD_PREFIX}{name}" if part == "secrets" else part or None, error.message)
            return
        cleaned["settings"] = before.settings
        for held in ("ciphertext", "last4", "last_test"):
            setattr(self.instance, held, getattr(before, held))


@cache
def build_form_class() -> type[ConnectionForm]:
    """Return the form with the secrets of all kinds; a field of a form must be there when its class is made."""
    names = sorted({name for kind in get_connection_kinds().values() for name, _ in kind.list_secret_fields()})
    return type(
        "FormWithSecrets",
        (ConnectionForm,),
        {f"{SECRET_FIELD_PREFIX}{name}": _build_secret_field(name) for name in names},
    )


def _build_secret_field(name: str) -> forms.CharField:
    return forms.CharField(
        label=name.replace("_", " ").capitalize(),
        required=False,
        strip=False,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"}),
        help_text=HELP_FOR_EMPTY_FIELD,
    )


@admin.register(Connection)
class ConnectionAdmin(admin.ModelAdmin):
    list_display = ("name", "workspace", "kind", "usable", "updated_at")
    list_filter = ("workspace", "kind")
    list_select_related = ("workspace",)
    search_fields = ("name",)

    @admin.display(boolean=True)
    def usable(self, row: Connection) -> bool:
        return services.find_problem(row) is None

    def get_form(
        self, request: HttpRequest, obj: Connection | None = None, change: bool = False, **options: Any
    ) -> type[ConnectionForm]:
        return build_form_class()

    def has_delete_permission(self, request: HttpRequest, obj: Connection | None = None) -> bool:
        """A connection that a flow uses stays. The list's action for many would not ask, so it is not offered."""
        return obj is not None and not services.find_users(obj) and super().has_delete_permission(request, obj)
