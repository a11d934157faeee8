"""What was counted before the upgrade counts as before: after it, and after a way back."""

import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from flows.models import UsageOfDay
from flows.usage.durations import count_durations, read_durations
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "0018_first_chunks_as_bytes"
BEFORE = import_module(f"flows.migrations.{NAME}").Migration.dependencies
TIMES = [0, *[400] * 70_000, 1_000]
STORED = '{"0":1,"62":70000,"72":1}'
"""The same as the version before has stored it."""


def migrate(targets: Any) -> Any:
    """Take the tables to a state, and return their models as they are then."""
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps.get_model("flows", "UsageOfDay").objects


@pytest.fixture(autouse=True)
def whole_again() -> Iterator[None]:
    yield
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())


def test_counts_are_kept_over_the_upgrade_and_on_the_way_back(workspace: Workspace) -> None:
    same = {"day": timezone.now().date(), "flow_id": workspace.pk, "revision": 1, "environment": "test"}
    rows = {**same, "workspace_id": workspace.pk, "runs": 1, "failed": 0, "cancelled": 0, "tokens": "[]"}
    older = migrate(BEFORE)
    older.bulk_create([older.model(**rows, first_chunks=text) for text in (STORED, *["{}"] * 600)])
    migrate([("flows", NAME)])
    first, *others = UsageOfDay.objects.order_by("pk").values_list("first_chunks", flat=True)
    assert read_durations(first) == count_durations(TIMES)
    assert [bytes(each) for each in others] == [b""] * 600
    first, *others = migrate(BEFORE).order_by("pk").values_list("first_chunks", flat=True)
    assert json.loads(first) == json.loads(STORED)
    assert set(others) == {"{}"}


def test_days_of_keys_are_named_so_by_the_upgrade_and_others_stay_unknown(workspace: Workspace) -> None:
    same = {"day": timezone.now().date(), "flow_id": workspace.pk, "revision": 1, "environment": "test"}
    rows = {**same, "workspace_id": workspace.pk, "runs": 1, "failed": 0, "cancelled": 0, "tokens": "[]"}
    older = migrate([("flows", "0021_kept_logs_of_workspaces")])
    older.bulk_create([older.model(**rows, first_chunks=b"", key_id=key_id) for key_id in (workspace.pk, None)])
    migrate([("flows", "0022_usage_by_kind_of_caller")])
    assert list(UsageOfDay.objects.order_by("pk").values_list("caller", flat=True)) == ["key", ""]
