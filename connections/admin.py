"""Connections in Django's admin. Secrets can be written here and never read: no page and no history shows one."""

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
from workspaces.admin import get_actor
from workspaces.audit.record import Deed, Subject, record

SECRET_FIELD_PREFIX = "secret_"  # noqa: S105  (the beginning of a field's name)
HELP_FOR_EMPTY_FIELD = "Leave it empty to keep the stored one. A changed address clears it."


class ConnectionForm(forms.ModelForm):
    """Has the settings as JSON, and one write-only field for each secret of a kind."""

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
        new_secrets = {
            name.removeprefix(SECRET_FIELD_PREFIX): value
            for name, value in cleaned.items()
            if name.startswith(SECRET_FIELD_PREFIX) and value
        }
        if not self.errors:
            self._seal(cleaned, new_secrets)
        return cleaned

    def _seal(self, cleaned: dict[str, Any], new_secrets: dict[str, str]) -> None:
        """Seal the values, and copy what Django does not set from `cleaned` itself into the form's row."""
        row = Connection.objects.filter(pk=self.instance.pk).first() or Connection(pk=self.instance.pk)
        row.kind, row.name = cleaned["kind"], cleaned["name"]
        services.ensure_keys()
        try:
            seal_connection(row, cleaned.get("settings") or {}, new_secrets)
        except DomainError as error:
            part, _, name = (error.field or "").partition(".")
            self.add_error(f"{SECRET_FIELD_PREFIX}{name}" if part == "secrets" else part or None, error.message)
            return
        cleaned["settings"] = row.settings
        for field in ("ciphertext", "last4", "last_test"):
            setattr(self.instance, field, getattr(row, field))


@cache  # the kinds of connection of a process never change
def build_form_class() -> type[ConnectionForm]:
    """Return the form with a field for each secret of all kinds. Django reads the fields when the class is created."""
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
    list_display = ("name", "workspace", "kind", "is_usable", "updated_at")
    list_filter = ("workspace", "kind")
    list_select_related = ("workspace",)
    search_fields = ("name",)

    @admin.display(boolean=True, description="usable")
    def is_usable(self, row: Connection) -> bool:
        return services.find_problem(row) is None

    def get_form(
        self, request: HttpRequest, obj: Connection | None = None, change: bool = False, **options: Any
    ) -> type[ConnectionForm]:
        return build_form_class()

    def save_model(self, request: HttpRequest, obj: Connection, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        deed: Deed = "connection.changed" if change else "connection.created"
        record(obj.workspace_id, get_actor(request), deed, Subject(obj.pk, obj.name), "in /admin/")

    def delete_model(self, request: HttpRequest, obj: Connection) -> None:
        services.delete(obj, get_actor(request))

    def has_delete_permission(self, request: HttpRequest, obj: Connection | None = None) -> bool:
        """Deny it while a flow uses the connection, and in the list, whose action for many rows does not check it."""
        return obj is not None and not services.find_users(obj) and super().has_delete_permission(request, obj)
