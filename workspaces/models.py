"""People, the workspaces that own everything, what authenticates beside a password, and the audit log."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from workspaces.environments import DEFAULT_ENVIRONMENTS


def list_default_environments() -> list[str]:
    return list(DEFAULT_ENVIRONMENTS)


class Role(models.TextChoices):
    """A viewer sees; an editor also edits and runs flows; an admin also manages connections, API keys and members."""

    VIEWER = "viewer", "Viewer"
    EDITOR = "editor", "Editor"
    ADMIN = "admin", "Admin"


class User(AbstractUser):
    """A person who signs in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    has_second_factor = models.BooleanField(default=False, db_default=False, editable=False)
    """Whether a code is asked for at sign-in. A server that cannot ask for it lets the person in by no way."""

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Workspace(models.Model):
    """The owner of flows, connections and API keys. For its members nothing of another workspace exists."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    members = models.ManyToManyField(User, through="Membership", related_name="workspaces")
    created_at = models.DateTimeField(auto_now_add=True)
    requires_second_factor = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Members who signed in without a second factor see nothing of the workspace until they set one up.",
    )

    keep_logs_days = models.PositiveIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    """How long the log of a finished run is kept; None for as long as the server says. See `workspaces.retention`."""
    keep_logs_runs = models.PositiveIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    """Of how many finished runs the log is kept; None for as many as the server says."""

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in a workspace."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.VIEWER)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_per_workspace"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.workspace}: {self.get_role_display()}"


class ApiKey(models.Model):
    """Authenticates a program. The key is shown once; only its SHA-256 is stored.

    When it is rotated, it gets another secret, and the old one works for some time beside it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(max_length=16, editable=False)
    last4 = models.CharField(max_length=4, editable=False)
    policies = models.JSONField()
    flows = models.JSONField(null=True, blank=True)
    """The ids of the only flows that the key may use; null for all flows of the workspace."""
    environments = models.JSONField(default=list_default_environments)
    """The environments that the key belongs to, at least one. A call that names none goes to the first."""
    origins = models.JSONField(default=list, blank=True)
    """The origins of the pages of other sites that may use the key, such as `https://www.example.com`."""
    limits = models.JSONField(null=True, blank=True)
    """As `workspaces.key_limits.KeyLimits`; null for none."""
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    """Of the current secret."""
    rotated_at = models.DateTimeField(null=True, editable=False)
    """When the current secret was made, if it is not the first one."""
    old_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001  # absent is unique
    """Of the secret before the current one, as the following columns."""
    old_prefix = models.CharField(max_length=16, db_default="", editable=False)
    old_last4 = models.CharField(max_length=4, db_default="", editable=False)
    old_works_until = models.DateTimeField(null=True, editable=False)
    old_last_used_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")

    def __str__(self) -> str:
        return self.name


class SignInLink(models.Model):
    """An address that signs a person in once. Only the SHA-256 of its token is stored."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_in_links")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"Link for {self.user}"


class StreamTicket(models.Model):
    """Lets a page hear one run, once, which cannot send its API key. Only the SHA-256 of a ticket is stored."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    api_key = models.ForeignKey(ApiKey, models.CASCADE, related_name="stream_tickets")
    key_digest = models.CharField(max_length=64, db_default="", editable=False)
    """Of the secret of the key that has asked for it. The ticket ends with that secret."""
    run_id = models.UUIDField(editable=False)
    """The run that is heard by it. It may have been deleted since."""
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"Ticket for {self.run_id}"


class ThrottleWindow(models.Model):
    """How often something has happened since the first time, in all server processes: see `workspaces.throttle`."""

    key = models.CharField(primary_key=True, max_length=64, editable=False)
    """A hash of the throttle's name, and of whom it counts."""
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at}"


class Invitation(models.Model):
    """A link that makes whoever opens it a member, once. Only the SHA-256 of its token is stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role.choices)
    address = models.EmailField(blank=True)
    """The mail address of the only account that may use the link; empty for any."""
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="invitation_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"Invitation to {self.workspace}: {self.get_role_display()}"

    def describe_invited(self) -> str:
        return self.address or "anyone with the link"


class BrowserSession(models.Model):
    """A browser in which a person is signed in. It ends with the session of Django that it describes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="browser_sessions")
    session = models.OneToOneField("sessions.Session", models.CASCADE, related_name="browser_session")
    browser = models.CharField(max_length=60)
    """In plain words, such as `Firefox on Windows`."""
    began_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user} in {self.browser}"


class AppendOnlyRows(models.QuerySet["AuditEntry"]):
    """Rows that are added and read, and never changed or deleted."""

    def update(self, **changes: Any) -> int:
        raise build_append_only()

    def delete(self) -> tuple[int, dict[str, int]]:
        raise build_append_only()


class AuditEntry(models.Model):
    """Who did what in a workspace. `workspaces.audit.record` adds the entries; nothing changes or deletes one.

    It holds names and ids as they were, and refers to no other row but the workspace, with which alone it goes.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    deed = models.CharField(max_length=40)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    """The person or the API key; null for the server itself."""
    actor_name = models.CharField(max_length=320)
    subject_id = models.CharField(max_length=40, blank=True)
    subject_name = models.CharField(max_length=320, blank=True)
    detail = models.CharField(max_length=200, blank=True)

    objects = AppendOnlyRows.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "-at", "-id"], name="audit_by_time"),
            models.Index(fields=["workspace", "deed", "-at", "-id"], name="audit_by_deed"),
            models.Index(fields=["workspace", "actor_id", "-at", "-id"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.deed} {self.subject_name}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise build_append_only()
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise build_append_only()


def build_append_only() -> TypeError:
    return TypeError("The audit log is only added to.")
