"""Django's admin: people, workspaces and keys; of a key only what cannot be used."""

import pytest
from django.test import Client

from tests.conftest import sign_in_client
from workspaces import keys
from workspaces.models import ApiKey, AuditEntry, Membership, User, Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(alice: User) -> Client:
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    return sign_in_client(alice)


def test_a_key_is_listed_by_its_ends_and_can_be_revoked(keeper: Client, workspace: Workspace, alice: User) -> None:
    row, key = keys.issue_key(workspace, alice, name="Site", policies=["execute"])
    path = f"/admin/workspaces/apikey/{row.pk}/"
    shown = "".join(keeper.get(page).content.decode() for page in ("/admin/workspaces/apikey/", f"{path}change/"))
    assert row.prefix in shown
    assert row.digest not in shown
    assert key not in shown
    assert keeper.post(f"{path}change/", {"name": "Other"}).status_code == 403
    assert keeper.post(f"{path}delete/", {"post": "yes"}).status_code == 302
    assert not ApiKey.objects.exists()
    assert AuditEntry.objects.filter(deed="key.revoked", actor_name="Alice", subject_name="Site").exists()


def test_members_are_kept_with_their_workspace(keeper: Client, workspace: Workspace, bob: User) -> None:
    member = Membership.objects.get(workspace=workspace)
    form = {
        "name": "Mill",
        "memberships-TOTAL_FORMS": "2",
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": str(member.pk),
        "memberships-0-workspace": str(workspace.pk),
        "memberships-0-user": str(member.user_id),
        "memberships-0-role": "admin",
        "memberships-1-workspace": str(workspace.pk),
        "memberships-1-user": str(bob.pk),
        "memberships-1-role": "viewer",
    }
    response = keeper.post(f"/admin/workspaces/workspace/{workspace.pk}/change/", form)
    assert response.status_code == 302
    assert workspace.memberships.get(user=bob).role == "viewer"
    assert AuditEntry.objects.filter(deed="member.joined", actor_name="Alice", subject_name="Bob").exists()
    assert not AuditEntry.objects.filter(deed="member.role_changed").exists()


def test_the_audit_log_has_no_page(keeper: Client) -> None:
    assert keeper.get("/admin/workspaces/auditentry/").status_code == 404


@pytest.mark.parametrize("page", ["user/", "user/add/", "workspace/", "workspace/add/", "apikey/"])
def test_every_page_opens(keeper: Client, page: str) -> None:
    assert keeper.get(f"/admin/workspaces/{page}").status_code == 200


def test_a_form_of_another_site_changes_nothing(alice: User, workspace: Workspace) -> None:
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    path = f"/admin/workspaces/workspace/{workspace.pk}/delete/"
    assert strict.post(path, {"post": "yes"}).status_code == 403
    assert Workspace.objects.filter(pk=workspace.pk).exists()


def test_the_sign_in_page_of_the_admin_goes_nowhere_else(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    form = {"username": "alice", "password": "correct horse battery", "next": "//evil.example/admin/"}
    response = Client().post("/admin/login/?next=//evil.example", form)
    assert response.headers["Location"] == "/"
