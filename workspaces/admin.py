"""People, workspaces and API keys in Django's admin. A key can only be revoked there, and its text is never shown."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from actions.contract.errors import DomainError
from workspaces import keys
from workspaces.audit.record import Actor, Deed, Subject, describe_person, record
from workspaces.models import ApiKey, Membership, User, Workspace
from workspaces.passwords import check_password


class SignInForm(AdminAuthenticationForm):
    """Django's form, with the limit of wrong passwords that every sign-in has."""

    def clean(self) -> dict[str, Any]:
        """Raise DomainError `too_many` when the limit is reached, and ValidationError for a wrong password."""
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if self.request and username and password:
            try:
                self.user_cache = check_password(self.request, username, password)
            except DomainError as error:
                if error.kind != "unauthenticated":
                    raise
                raise self.get_invalid_login_error() from None
            self.confirm_login_allowed(self.user_cache)
            if self.user_cache.has_second_factor:
                raise ValidationError("This account has a second factor. Sign in at /sign-in, then open /admin/.")
        return self.cleaned_data


admin.site.login_form = SignInForm
admin.site.site_header = admin.site.site_title = "Millrace"
admin.site.index_title = "Administration"
admin.site.site_url = "/"
admin.site.register(User, UserAdmin)


def get_actor(request: HttpRequest) -> Actor:
    """Return the superuser, or the staff, as the audit log names the person."""
    assert isinstance(request.user, User)
    return describe_person(request.user)


class MembershipInline(admin.TabularInline):
    model = Membership
    autocomplete_fields = ("user",)
    extra = 1


@admin.register(Workspace)
class WorkspaceAdmin(admin.ModelAdmin):
    list_display = ("name", "created_at")
    search_fields = ("name",)
    # `workspaces.retention.kept_logs` judges a change of these, and records it.
    exclude = ("keep_logs_days", "keep_logs_runs")
    inlines: ClassVar = [MembershipInline]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the memberships, and record what has changed. Django's view is in a transaction."""
        super().save_formset(request, form, formset, change)
        changed: list[tuple[Deed, list[Membership]]] = [
            ("member.joined", formset.new_objects),
            ("member.role_changed", [row for row, _ in formset.changed_objects]),
            ("member.removed", formset.deleted_objects),
        ]
        for deed, rows in changed:
            for row in rows:
                subject = Subject(row.user_id, str(row.user))
                record(row.workspace_id, get_actor(request), deed, subject, f"{row.role}, in /admin/")


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):
    list_display = ("name", "workspace", "prefix", "last4", "policies", "environments", "expires_at", "last_used_at")
    list_filter = ("workspace",)
    list_select_related = ("workspace",)
    search_fields = ("name",)
    exclude = ("digest", "old_digest")

    def delete_model(self, request: HttpRequest, obj: ApiKey) -> None:
        keys.revoke_key(obj.workspace_id, obj.pk, get_actor(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        with transaction.atomic():
            for row in queryset:
                self.delete_model(request, row)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False
