"""Tests of a connection: what they answer and store, and how many are allowed."""

from collections.abc import Iterator
from unittest.mock import AsyncMock, patch

import pytest
from django.test import Client

from actions.anthropic.connection import AnthropicConnection
from actions.contract.connection import ModelDescription, TestOutcome
from actions.contract.errors import ActionError
from connections.api.trials import TRIAL_LIMIT
from connections.models import Connection
from tests.connections.examples import PATH
from tests.json_api import read_refusal, send_json
from web.database import close_pool_connections

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def closed_connections() -> Iterator[None]:
    yield
    close_pool_connections()


@pytest.fixture
def outcome() -> Iterator[AsyncMock]:
    with patch.object(AnthropicConnection, "test", new_callable=AsyncMock) as test:
        test.return_value = TestOutcome(True, "The key works.", models=2, newest="m-2")
        yield test


def test_the_outcome_of_a_test_is_told_and_kept(client: Client, connection: Connection, outcome: AsyncMock) -> None:
    shown = client.post(f"{PATH}/{connection.pk}/test").json()
    assert (shown["ok"], shown["models"], shown["message"]) == (True, 2, "The key works.")
    assert client.get(f"{PATH}/{connection.pk}").json()["last_test"] == shown


def test_a_change_takes_the_old_outcome_away(client: Client, connection: Connection, outcome: AsyncMock) -> None:
    client.post(f"{PATH}/{connection.pk}/test")
    shown = send_json(client, "PATCH", f"{PATH}/{connection.pk}", {"secrets": {"api_key": "sk-ant-another"}}).json()
    assert shown["last_test"] is None


def test_a_connection_without_a_key_is_tested_without_a_call(
    client: Client, connection: Connection, outcome: AsyncMock
) -> None:
    send_json(client, "PATCH", f"{PATH}/{connection.pk}", {"settings": {"base_url": "https://elsewhere.example.com"}})
    shown = client.post(f"{PATH}/{connection.pk}/test").json()
    assert (shown["ok"], shown["code"]) == (False, "connection_not_usable")
    outcome.assert_not_awaited()


def test_tests_are_limited_in_number(client: Client, connection: Connection, outcome: AsyncMock) -> None:
    statuses = [client.post(f"{PATH}/{connection.pk}/test").status_code for _ in range(TRIAL_LIMIT.max_events + 1)]
    assert statuses == [200] * TRIAL_LIMIT.max_events + [429]


def test_the_models_of_a_connection_are_listed_each_once(client: Client, connection: Connection) -> None:
    model = ModelDescription("m-2", "Model 2", 64_000, "active", False, "Not taken by this model.")
    other = ModelDescription("m-1", "Model 1", 64_000, "active", True, None)
    with patch.object(AnthropicConnection, "list_models", AsyncMock(return_value=[model, other, model])):
        shown = client.get(f"{PATH}/{connection.pk}/models").json()
    assert [each["id"] for each in shown["models"]] == ["m-2", "m-1"]
    assert shown["models"][0]["temperature_note"] == "Not taken by this model."


def test_models_that_cannot_be_listed_are_a_refusal(client: Client, connection: Connection) -> None:
    fault = ActionError("upstream_unreachable", "The API cannot be reached.")
    with patch.object(AnthropicConnection, "list_models", AsyncMock(side_effect=fault)):
        response = client.get(f"{PATH}/{connection.pk}/models")
    assert read_refusal(response) == (502, "upstream_unreachable", None)
