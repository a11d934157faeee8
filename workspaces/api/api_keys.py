"""The REST views of API keys: admins list, create, limit, rotate and revoke them. Only two answers show a key."""

from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import structlog
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from web.drf.serializers import NameField, StrictSerializer, TextField, WholeNumberField
from web.middleware.origins import normalize_origin
from web.openapi import Answer, operation
from workspaces import keys
from workspaces.access import Permission
from workspaces.api import shapes
from workspaces.api.base import WorkspaceView
from workspaces.environments import DEFAULT_ENVIRONMENTS, ENVIRONMENTS
from workspaces.key_limits import LIMIT_TITLES, build_limits
from workspaces.models import ApiKey, User, Workspace

log = structlog.get_logger(__name__)

ADMIN_ONLY: dict[str, Permission] = {"GET": "admin", "POST": "admin"}
ITEM_ADMIN_ONLY: dict[str, Permission] = {"PATCH": "admin", "DELETE": "admin"}
OVERLAP = timedelta(days=1)
MAX_OVERLAP = timedelta(days=90)
MAX_LIMIT = 10**12
NO_LIMITS = dict.fromkeys(LIMIT_TITLES)


class OriginField(TextField):
    """The origin of a web page, exactly as a browser sends it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=300, **options)

    def to_internal_value(self, data: Any) -> str:
        origin = normalize_origin(super().to_internal_value(data))
        if origin is None:
            message = f"{str(data)[:100]!r} is not an origin. Write it like https://www.example.com, without a path."
            raise serializers.ValidationError(message, code="invalid_origin")
        return origin


class LimitField(WholeNumberField):
    """A limit of a key: a whole number from 1; null for none."""

    def __init__(self) -> None:
        super().__init__(min_value=1, max_value=MAX_LIMIT, allow_null=True, default=None)


class ChangedLimits(StrictSerializer):
    """All limits of a key. What is left out is no limit."""

    runs_per_minute = LimitField()
    runs_at_once = LimitField()
    tokens_per_day = LimitField()


class Rotation(StrictSerializer):
    """Until when the old secret works: for a day by default, and for 90 days at most."""

    old_works_until = serializers.DateTimeField(default=lambda: timezone.now() + OVERLAP)

    def validate_old_works_until(self, value: datetime) -> datetime:
        if value > timezone.now() + MAX_OVERLAP:
            message = f"The old secret may work for {MAX_OVERLAP.days} days at most."
            raise serializers.ValidationError(message, code="too_late")
        return value


class NewKey(ChangedLimits):
    name = NameField()
    policies = serializers.ListField(
        child=serializers.ChoiceField(choices=keys.KEY_POLICIES), allow_empty=False, max_length=len(keys.KEY_POLICIES)
    )
    flows = serializers.ListField(
        child=serializers.UUIDField(), allow_null=True, allow_empty=False, default=None, max_length=500
    )
    environments = serializers.ListField(
        child=serializers.ChoiceField(choices=ENVIRONMENTS),
        allow_empty=False,
        default=list(DEFAULT_ENVIRONMENTS),
        max_length=len(ENVIRONMENTS),
    )
    origins = serializers.ListField(child=OriginField(), default=list, max_length=50)
    expires_at = serializers.DateTimeField(allow_null=True, default=None)

    def validate_expires_at(self, value: datetime | None) -> datetime | None:
        if value and value <= timezone.now():
            raise serializers.ValidationError("This time has passed already.", code="in_the_past")
        return value

    def validate_policies(self, value: list[str]) -> list[str]:
        return [policy for policy in keys.KEY_POLICIES if policy in value]

    def validate_environments(self, value: list[str]) -> list[str]:
        return [environment for environment in ENVIRONMENTS if environment in value]

    def validate_origins(self, value: list[str]) -> list[str]:
        return sorted(set(value))

    def validate_flows(self, value: list[UUID] | None) -> list[str] | None:
        if value is None:
            return None
        unknown = set(value) - keys.find_existing_flows(self.context["workspace"], value)
        if unknown:
            raise serializers.ValidationError(f"There is no flow {min(map(str, unknown))}.", code="unknown_flow")
        return sorted({str(flow) for flow in value})


class ApiKeys(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = ADMIN_ONLY

    @operation("list_api_keys", "api keys", Answer(shapes.ApiKeyList))
    def get(self, request: Request) -> Response:
        """List the API keys, the newest first; of each only its start and its end."""
        rows = ApiKey.objects.filter(workspace_id=self.caller.workspace_id).select_related("created_by")
        return Response({"api_keys": [_describe_key(row) for row in rows.order_by("-created_at")]})

    @operation("create_api_key", "api keys", Answer(shapes.NewApiKey, 201), body=NewKey)
    def post(self, request: Request) -> Response:
        """Make an API key; the answer is the only one that shows it."""
        fields = self.read(NewKey, context={"workspace": self.caller.workspace_id})
        workspace = Workspace.objects.get(pk=self.caller.workspace_id)
        creator = User.objects.get(pk=self.caller.user_id) if self.caller.user_id else None
        limits = build_limits({name: fields.pop(name) for name in LIMIT_TITLES})
        row, key = keys.issue_key(workspace, creator, **fields, limits=limits)
        log.info("api_key_made", key=str(row.pk), by=str(self.caller.user_id))
        return Response({**_describe_key(row), "key": key}, status=201)


class ApiKeyItem(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = ITEM_ADMIN_ONLY

    @operation("limit_api_key", "api keys", Answer(shapes.ApiKey), body=ChangedLimits)
    def patch(self, request: Request, key_id: UUID) -> Response:
        """Set all limits of the API key; they hold from its next start on."""
        limits = build_limits(self.read(ChangedLimits))
        row = keys.change_limits(self.caller.workspace_id, key_id, limits, self.caller.actor)
        return Response(_describe_key(row))

    @operation("revoke_api_key", "api keys", Answer(status=204))
    def delete(self, request: Request, key_id: UUID) -> Response:
        """Revoke the API key at once."""
        keys.revoke_key(self.caller.workspace_id, key_id, self.caller.actor)
        log.info("api_key_revoked", key=str(key_id), by=str(self.caller.user_id))
        return Response(status=204)


class RotatedKey(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"POST": "admin"}

    @operation("rotate_api_key", "api keys", Answer(shapes.NewApiKey, 201), body=Rotation)
    def post(self, request: Request, key_id: UUID) -> Response:
        """Give the API key a new secret, which this answer alone shows. The old one works for some time beside it."""
        until = self.read(Rotation)["old_works_until"]
        row, key = keys.rotate_key(self.caller.workspace_id, key_id, until, self.caller.actor)
        log.info("api_key_rotated", key=str(row.pk), by=str(self.caller.user_id))
        return Response({**_describe_key(row), "key": key}, status=201)


class OldSecretOfKey(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"DELETE": "admin"}

    @operation("revoke_old_secret", "api keys", Answer(status=204))
    def delete(self, request: Request, key_id: UUID) -> Response:
        """Revoke the old secret of the API key at once."""
        keys.revoke_old_secret(self.caller.workspace_id, key_id, self.caller.actor)
        log.info("old_secret_revoked", key=str(key_id), by=str(self.caller.user_id))
        return Response(status=204)


def _describe_old_secret(row: ApiKey) -> shapes.OldSecret | None:
    if row.old_works_until is None or row.old_works_until <= timezone.now():
        return None
    return {
        "prefix": row.old_prefix,
        "last4": row.old_last4,
        "works_until": row.old_works_until,
        "last_used_at": row.old_last_used_at,
    }


def _describe_key(row: ApiKey) -> shapes.ApiKey:
    limits = row.limits or NO_LIMITS
    return {
        "id": str(row.pk),
        "name": row.name,
        "prefix": row.prefix,
        "last4": row.last4,
        "policies": row.policies,
        "flows": row.flows,
        "environments": row.environments,
        "origins": row.origins,
        "runs_per_minute": limits["runs_per_minute"],
        "runs_at_once": limits["runs_at_once"],
        "tokens_per_day": limits["tokens_per_day"],
        "expires_at": row.expires_at,
        "last_used_at": row.last_used_at,
        "rotated_at": row.rotated_at,
        "old_secret": _describe_old_secret(row),
        "created_at": row.created_at,
        "created_by": str(row.created_by) if row.created_by else None,
    }
