"""The REST views of API keys: admins list, create and revoke them. Only the answer to the creation shows a key."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import structlog
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from web.drf.serializers import NameField, StrictSerializer, TextField
from web.errors import build_not_found
from web.middleware.origins import normalize_origin
from web.openapi import Answer, operation
from workspaces import keys
from workspaces.access import Permission
from workspaces.api import shapes
from workspaces.api.base import WorkspaceView
from workspaces.models import ApiKey, User, Workspace

log = structlog.get_logger(__name__)

ADMIN_ONLY: dict[str, Permission] = {"GET": "admin", "POST": "admin", "DELETE": "admin"}


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


class NewKey(StrictSerializer):
    name = NameField()
    policies = serializers.ListField(
        child=serializers.ChoiceField(choices=keys.KEY_POLICIES), allow_empty=False, max_length=len(keys.KEY_POLICIES)
    )
    flows = serializers.ListField(
        child=serializers.UUIDField(), allow_null=True, allow_empty=False, default=None, max_length=500
    )
    origins = serializers.ListField(child=OriginField(), default=list, max_length=50)
    expires_at = serializers.DateTimeField(allow_null=True, default=None)

    def validate_expires_at(self, value: datetime | None) -> datetime | None:
        if value and value <= timezone.now():
            raise serializers.ValidationError("This time has passed already.")
        return value

    def validate_policies(self, value: list[str]) -> list[str]:
        return [policy for policy in keys.KEY_POLICIES if policy in value]

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
        row, key = keys.issue_key(workspace, creator, **fields)
        log.info("api_key_made", key=str(row.pk), by=str(self.caller.user_id))
        return Response({**_describe_key(row), "key": key}, status=201)


class ApiKeyItem(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = ADMIN_ONLY

    @operation("revoke_api_key", "api keys", Answer(status=204))
    def delete(self, request: Request, key_id: UUID) -> Response:
        """Revoke the API key at once."""
        deleted, _ = ApiKey.objects.filter(workspace_id=self.caller.workspace_id, pk=key_id).delete()
        if not deleted:
            raise build_not_found()
        log.info("api_key_revoked", key=str(key_id), by=str(self.caller.user_id))
        return Response(status=204)


def _describe_key(row: ApiKey) -> shapes.ApiKey:
    return {
        "id": str(row.pk),
        "name": row.name,
        "prefix": row.prefix,
        "last4": row.last4,
        "policies": row.policies,
        "flows": row.flows,
        "origins": row.origins,
        "expires_at": row.expires_at,
        "last_used_at": row.last_used_at,
        "created_at": row.created_at,
        "created_by": str(row.created_by) if row.created_by else None,
    }
