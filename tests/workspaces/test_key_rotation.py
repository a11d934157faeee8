"""Rotating an API key: a new secret at once, the old one beside it for a time, each with its last use."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from workspaces import keys
from workspaces.models import ApiKey, AuditEntry, User, Workspace

pytestmark = pytest.mark.django_db
FLOWS = "/api/v1/flows"


@pytest.fixture
def key(workspace: Workspace, alice: User) -> str:
    return keys.issue_key(workspace, alice, name="Site", policies=["configure"])[1]


def rotate(client: Client, **body: Any) -> Any:
    path = f"/api/v1/api-keys/{ApiKey.objects.get().pk}/rotation"
    return client.post(path, json.dumps(body), content_type="application/json")


def call(key: str) -> int:
    return Client().get(FLOWS, headers={"Authorization": f"Bearer {key}"}).status_code


def test_both_secrets_work_and_each_says_when_it_was_used(client: Client, key: str) -> None:
    assert call(key) == 200
    answer = rotate(client)
    made = answer.json()
    assert (answer.status_code, made["last_used_at"]) == (201, None)
    assert made["old_secret"]["last4"] == key[-4:]
    assert made["old_secret"]["last_used_at"] is not None
    assert (call(key), call(made["key"])) == (200, 200)
    (listed,) = client.get("/api/v1/api-keys").json()["api_keys"]
    assert listed["last4"] == made["key"][-4:]
    assert listed["last_used_at"] is not None
    assert "key" not in listed


def test_the_old_secret_works_for_a_day_unless_another_time_is_given(client: Client, key: str) -> None:
    until = timezone.now() + timedelta(hours=24)
    rotate(client)
    assert abs(ApiKey.objects.get().old_works_until - until) < timedelta(minutes=5)  # type: ignore[operator]
    ApiKey.objects.update(old_works_until=timezone.now())
    assert call(key) == 401
    made = rotate(client, old_works_until=(timezone.now() - timedelta(seconds=1)).isoformat()).json()
    assert made["old_secret"] is None
    late = rotate(client, old_works_until=(timezone.now() + timedelta(days=91)).isoformat())
    assert (late.status_code, late.json()["error"]["field"]) == (422, "old_works_until")


def test_the_old_secret_is_revoked_at_once(client: Client, key: str) -> None:
    new_key = rotate(client).json()["key"]
    path = f"/api/v1/api-keys/{ApiKey.objects.get().pk}/old-secret"
    assert [client.delete(path).status_code for _ in range(2)] == [204, 404]
    assert (call(key), call(new_key)) == (401, 200)
    deeds = AuditEntry.objects.filter(deed__startswith="key.").order_by("id").values_list("deed", flat=True)
    assert list(deeds) == ["key.created", "key.rotated", "key.old_secret_revoked"]


def test_a_key_is_not_rotated_twice_while_an_old_secret_works(client: Client, key: str) -> None:
    new_key = rotate(client).json()["key"]
    refused = rotate(client)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "old_secret_works")
    assert (call(key), call(new_key)) == (200, 200)


def test_a_revoked_or_expired_key_has_no_secret_that_works(client: Client, key: str) -> None:
    new_key = rotate(client).json()["key"]
    ApiKey.objects.update(expires_at=timezone.now())
    assert (call(key), call(new_key)) == (401, 401)
    ApiKey.objects.update(expires_at=None)
    ApiKey.objects.get().delete()
    assert (call(key), call(new_key)) == (401, 401)


def test_only_admins_of_the_workspace_rotate(editors_client: Client, bobs_client: Client, key: str) -> None:
    assert rotate(editors_client).status_code == 403
    assert rotate(bobs_client).status_code == 404
    assert call(key) == 200


def test_the_database_and_the_audit_log_hold_no_secret(client: Client, key: str) -> None:
    new_key = rotate(client).json()["key"]
    held = str([*ApiKey.objects.values(), *AuditEntry.objects.values()])
    assert key[17:-8] not in held
    assert new_key[17:-8] not in held
