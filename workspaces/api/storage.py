"""The REST view of what a workspace stores, for its admins."""

from typing import ClassVar

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from web.openapi import Answer, operation
from workspaces.access import Permission
from workspaces.api import shapes
from workspaces.api.base import WorkspaceView
from workspaces.storage import StoredPart, storage

MAX_LARGEST_PARTS = 10


class StorageUse(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "admin"}

    @operation("get_storage", "storage", Answer(shapes.StorageUse))
    def get(self, request: Request) -> Response:
        """Return how much the workspace stores, how much it may, and the ten parts that hold most."""
        parts = storage.measure(self.caller.workspace_id)
        return Response(
            {
                "used_bytes": sum(part.bytes for part in parts),
                "allowed_bytes": settings.MILLRACE_MAX_WORKSPACE_BYTES,
                "largest": [_describe_part(part) for part in parts[:MAX_LARGEST_PARTS]],
            }
        )


def _describe_part(part: StoredPart) -> shapes.StoredPart:
    return {"kind": part.kind, "id": part.id or None, "name": part.name, "bytes": part.bytes}
