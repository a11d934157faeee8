"""Members: listed, given another role, removed, and helped with a forgotten password. An admin always stays."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from actions.contract.errors import DomainError
from tests.conftest import create_member, sign_in_client
from workspaces.access import authenticate_scope
from workspaces.audit.record import describe_person
from workspaces.models import AuditEntry, Membership, Role, User, Workspace
from workspaces.open_access import AccessWatch, OpenAccess
from workspaces.people.invitations import find_invitation, invite, join
from workspaces.people.members import change_role

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/api/v1/members"
NEW = "a wheel of oak"


def patch(client: Client, user: User, role: str) -> Any:
    return client.patch(f"{PATH}/{user.pk}", json.dumps({"role": role}), content_type="application/json")


def read_code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def test_the_list_says_who_is_there_and_with_which_role(client: Client, viewer: User, bob: User) -> None:
    listed = client.get(PATH).json()["members"]
    assert [(row["name"], row["role"]) for row in listed] == [("Alice", "admin"), ("Victor", "viewer")]
    assert [row["last_seen_at"] is None for row in listed] == [False, True]


def test_a_new_role_counts_at_once(client: Client, viewer: User, viewers_client: Client) -> None:
    body = json.dumps({"name": "Mine"})
    assert viewers_client.post("/api/v1/flows", body, content_type="application/json").status_code == 403
    assert patch(client, viewer, "editor").json()["role"] == "editor"
    assert viewers_client.post("/api/v1/flows", body, content_type="application/json").status_code == 201


def test_the_last_admin_stays_one(client: Client, alice: User, workspace: Workspace, viewer: User) -> None:
    assert read_code(patch(client, alice, "editor")) == (409, "last_admin")
    assert read_code(client.delete(f"{PATH}/{alice.pk}")) == (409, "last_admin")
    assert patch(client, alice, "admin").status_code == 200
    patch(client, viewer, "admin")
    assert client.delete(f"{PATH}/{alice.pk}").status_code == 204
    assert read_code(client.get("/api/v1/me")) == (403, "no_workspace")


def test_what_a_removed_member_has_open_is_lost(client: Client, editor: User, editors_client: Client) -> None:
    caller = authenticate_scope({"cookies": {"sessionid": editors_client.cookies["sessionid"].value}})
    assert caller is not None
    access, watch = OpenAccess(caller, on_lost=lambda: None), AccessWatch()
    watch.add(access)
    asyncio.run(watch.look())
    assert not access.is_lost
    assert client.delete(f"{PATH}/{editor.pk}").status_code == 204
    asyncio.run(watch.look())
    assert access.is_lost
    assert editors_client.get("/api/v1/flows").status_code == 403


def test_a_person_of_another_workspace_is_not_there(client: Client, bob: User) -> None:
    assert read_code(patch(client, bob, "viewer")) == (404, "not_found")
    assert read_code(client.delete(f"{PATH}/{bob.pk}")) == (404, "not_found")
    assert read_code(client.post(f"{PATH}/{bob.pk}/password-link")) == (404, "not_found")


def make_link(client: Client, user: User) -> str:
    made = client.post(f"{PATH}/{user.pk}/password-link")
    assert made.status_code == 201, made.content
    return str(made.json()["url"].partition("/new-password#")[2])


def reset(token: str, password: str = NEW) -> Any:
    body = json.dumps({"token": token, "password": password})
    return Client().post("/api/v1/reset-password", body, content_type="application/json")


def test_a_password_link_works_once_and_ends_all_sessions(client: Client, editor: User, editors_client: Client) -> None:
    token = make_link(client, editor)
    weak = reset(token, "123")
    assert (weak.status_code, weak.json()["error"]["field"]) == (422, "password")
    assert reset(token).status_code == 204
    assert editors_client.get("/api/v1/me").status_code == 401
    assert editor.browser_sessions.count() == 0
    editor.refresh_from_db()
    assert editor.check_password(NEW)
    assert read_code(reset(token, "another good one")) == (410, "link_not_valid")


def test_who_is_an_admin_no_more_has_no_links_left(
    client: Client, workspace: Workspace, alice: User, editor: User
) -> None:
    anna = create_member(workspace, "anna", Role.ADMIN)
    invited = [invite(workspace.pk, Role.ADMIN, "", maker)[1].partition("#")[2] for maker in (anna, alice)]
    tokens = [make_link(sign_in_client(anna), editor), make_link(client, editor)]
    assert patch(client, anna, "editor").status_code == 200
    assert read_code(reset(tokens[0])) == (410, "link_not_valid")
    assert reset(tokens[1]).status_code == 204
    assert find_invitation(invited[1]).role == Role.ADMIN
    with pytest.raises(DomainError, match="has been revoked"):
        find_invitation(invited[0])
    assert AuditEntry.objects.filter(deed="invitation.revoked", detail="made by Anna").count() == 1


@pytest.mark.parametrize("change", [{"role": Role.EDITOR}, None])
def test_an_invitation_ends_with_the_role_of_its_maker_wherever_that_was_taken(
    workspace: Workspace, alice: User, change: dict[str, Role] | None
) -> None:
    """At /admin/, and in the database, no invitation is revoked for that."""
    token = invite(workspace.pk, Role.ADMIN, "", alice)[1].partition("#")[2]
    rows = Membership.objects.filter(user=alice)
    if change:
        rows.update(**change)
    else:
        alice.delete()
    with pytest.raises(DomainError, match="no admin of the workspace any more"):
        find_invitation(token)


def test_nobody_makes_a_link_for_the_own_password(client: Client, alice: User) -> None:
    """Who has taken over a browser must not get a password without the old one."""
    answer = client.post(f"/api/v1/members/{alice.pk}/password-link")
    assert read_code(answer) == (403, "own_password")


@pytest.mark.parametrize("token", ["", "x", "x.y", "x.y.z", "Zm9v.Zm9v.x", "a" * 200, "é.x"])
def test_what_is_no_password_link_sets_no_password(db: None, token: str) -> None:
    assert reset(token).status_code in (410, 422)


def test_nobody_gets_rights_by_the_account_of_somebody_else(
    client: Client, workspace: Workspace, other_workspace: Workspace, alice: User, editor: User
) -> None:
    member_elsewhere = Membership.objects.create(workspace=other_workspace, user=editor, role=Role.VIEWER)
    assert read_code(client.post(f"{PATH}/{editor.pk}/password-link")) == (403, "not_your_member")
    Membership.objects.create(workspace=other_workspace, user=alice, role=Role.ADMIN)
    assert make_link(sign_in_to(alice, workspace), editor)
    member_elsewhere.delete()
    User.objects.filter(pk=editor.pk).update(is_superuser=True)
    assert read_code(sign_in_to(alice, workspace).post(f"{PATH}/{editor.pk}/password-link"))[0] == 403


def sign_in_to(user: User, workspace: Workspace) -> Client:
    client = sign_in_client(user)
    assert client.patch("/api/v1/me", {"workspace": str(workspace.pk)}, "application/json").status_code == 200
    return client


def test_many_members_are_listed_by_a_few_queries(
    client: Client, workspace: Workspace, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        create_member(workspace, f"member{number}", Role.VIEWER)
    with django_assert_max_num_queries(8):
        assert len(client.get(PATH).json()["members"]) == 21


def test_two_admins_who_demote_each_other_at_once_leave_one(workspace: Workspace, alice: User) -> None:
    anna = create_member(workspace, "anna", Role.ADMIN)
    by = describe_person(alice)
    barrier = Barrier(2)

    def demote(user: User) -> str:
        barrier.wait()
        try:
            change_role(workspace.pk, user.pk, Role.VIEWER, by)
        except DomainError as error:
            return error.code
        finally:
            connection.close()
        return "demoted"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(demote, (alice, anna))) == ["demoted", "last_admin"]
    assert Membership.objects.filter(workspace=workspace, role=Role.ADMIN).count() == 1


def test_of_two_who_use_a_link_at_once_one_joins(workspace: Workspace, alice: User, bob: User) -> None:
    kai = create_member(Workspace.objects.create(name="Third"), "kai", Role.ADMIN)
    _, url = invite(workspace.pk, Role.VIEWER, "", alice)
    barrier = Barrier(2)

    def use(user: User) -> str:
        barrier.wait()
        try:
            join(url.partition("#")[2], user)
        except DomainError as error:
            return error.code
        finally:
            connection.close()
        return "joined"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(use, (bob, kai))) == ["invitation_used", "joined"]
    assert workspace.memberships.count() == 2
