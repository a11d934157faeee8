"""Every test starts from here: Alice keeps the workspace Mill, Bob keeps another one."""

import gc
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.core.management.commands import flush
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker

from flows.limits.live_runs import LiveRuns, live_runs
from workspaces.models import Membership, Role, User, Workspace

END_OTHER_CONNECTIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
MADE_BY_MIGRATE = {"django_content_type", "auth_permission"}
PASSWORD = "correct horse battery"
LONG = ("faults/", "web/test_odd_bodies.py", "clients/", "proxies/", "server/", "postgres/")
"""Where tests take long. They begin first, or a process of the tests would be alone with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.removeprefix("tests/").startswith(LONG))


def pytest_collection_finish() -> None:
    """Let no collection of garbage look at the thousands of collected tests: what a test measures is its own."""
    gc.collect()
    gc.freeze()


def create_member(workspace: Workspace, username: str, role: Role) -> User:
    user = User.objects.create_user(username, password=PASSWORD, first_name=username.capitalize())
    Membership.objects.create(workspace=workspace, user=user, role=role)
    return user


def sign_in_client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Empty the tables after a test in little time, and at the end close what threads have left.

    PostgreSQL drops no database that is used.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connection.ops), "sql_flush", build_deletes)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_: None)  # what it would make is not deleted
        yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(END_OTHER_CONNECTIONS)


def build_deletes(operations: Any, style: Any, tables: Sequence[str], **options: Any) -> list[str]:
    """Return what empties the tables. PostgreSQL would take longer to truncate sixty of them."""
    return [f"DELETE FROM {operations.quote_name(table)}" for table in tables if table not in MADE_BY_MIGRATE]  # noqa: S608  # names of our own


@pytest.fixture(autouse=True)
def free_seats() -> None:
    """No run of an earlier test keeps a seat, as one does whose process is said to have died."""
    vars(live_runs).update(vars(LiveRuns()))


@pytest.fixture
def workspace(db: None) -> Workspace:
    return Workspace.objects.create(name="Mill")


@pytest.fixture
def other_workspace(db: None) -> Workspace:
    return Workspace.objects.create(name="Elsewhere")


@pytest.fixture
def alice(workspace: Workspace) -> User:
    return create_member(workspace, "alice", Role.ADMIN)


@pytest.fixture
def bob(other_workspace: Workspace) -> User:
    return create_member(other_workspace, "bob", Role.ADMIN)


@pytest.fixture
def editor(workspace: Workspace) -> User:
    return create_member(workspace, "eve", Role.EDITOR)


@pytest.fixture
def viewer(workspace: Workspace) -> User:
    return create_member(workspace, "victor", Role.VIEWER)


@pytest.fixture
def client(alice: User) -> Client:
    """Alice's browser: signed in, the keeper of the workspace."""
    return sign_in_client(alice)


@pytest.fixture
def bobs_client(bob: User) -> Client:
    return sign_in_client(bob)


@pytest.fixture
def editors_client(editor: User) -> Client:
    return sign_in_client(editor)


@pytest.fixture
def viewers_client(viewer: User) -> Client:
    return sign_in_client(viewer)
