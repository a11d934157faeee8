"""The connection's settings, and what a test of it tells."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from actions.anthropic.connection import AnthropicConnection
from actions.anthropic.stream.model_list import list_models
from actions.anthropic.stream.timing import Timing
from actions.contract.errors import ActionError
from actions.network.policy import NetworkPolicy
from tests.actions.anthropic.conftest import KEY, Connect
from tests.actions.anthropic.upstream import END, FIN, Step, chunk, head, refused, upstream

MODELS = {
    "data": [
        {
            "type": "model",
            "id": "claude-sonnet-5-5",
            "display_name": "Claude Sonnet 5.5",
            "created_at": "2026-09-28T00:00:00Z",
            "lifecycle": "active",
            "max_tokens": 128000,
            "capabilities": {},
        },
        {
            "type": "model",
            "id": "claude-haiku-4-5",
            "display_name": "Claude Haiku 4.5",
            "created_at": "2025-10-01T00:00:00Z",
            "lifecycle": "deprecated",
            "max_tokens": 64000,
        },
    ],
    "has_more": False,
}


def answered(document: Any) -> list[Step]:
    return [head(200, "application/json"), chunk(json.dumps(document).encode()), END]


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("", "empty"),
        ("sk ant", "space"),
        (" sk-ant", "space"),
        ("sk-ant\n", "space"),
        ("sk-ant\r\nx-evil: 1", "space"),
        ("sk-ant\x00", "space"),
        ("sk-änt", "ASCII"),
        ("sk-ant\u2028", "ASCII"),
        ("k" * 501, "longer"),
    ],
)
def test_a_key_that_cannot_be_sent_is_refused_and_not_repeated(key: str, told: str) -> None:
    with pytest.raises(ValidationError, match=told) as refused_key:
        AnthropicConnection.resolve({"api_key": key}, NetworkPolicy())
    assert refused_key.value.errors()[0]["loc"] == ("api_key",)
    assert len(key) < 4 or key not in str(refused_key.value)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"base_url": "http://127.0.0.1:9"}, "base_url"),
        ({"base_url": "https://169.254.169.254"}, "base_url"),
        ({"api_version": "2020-01-01"}, "api_version"),
        ({"time_limit_s": 4}, "time_limit_s"),
        ({"time_limit_s": 3601}, "time_limit_s"),
        ({"temperature": 1}, "temperature"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused_settings:
        AnthropicConnection.resolve({"api_key": KEY, **settings}, NetworkPolicy())
    assert refused_settings.value.errors()[0]["loc"] == (field,)


def test_a_key_is_all_that_is_needed() -> None:
    connection = AnthropicConnection.resolve({"api_key": KEY}, NetworkPolicy())
    assert connection.base_url == "https://api.anthropic.com"
    assert (connection.api_version, connection.time_limit_s) == ("2026-10-21", 600)
    assert KEY not in f"{connection!r} {connection} {connection.model_dump()} {connection.model_dump_json()}"


def test_the_form_shows_the_key_as_a_secret_and_the_rest_as_settings() -> None:
    assert [name for name, _ in AnthropicConnection.list_secret_fields()] == ["api_key"]
    assert [name for name, _ in AnthropicConnection.list_setting_fields()] == [
        "base_url",
        "api_version",
        "time_limit_s",
    ]


async def test_models_are_listed_newest_first_with_what_they_take(connect: Connect) -> None:
    async with upstream(answered(MODELS)) as server:
        models = await connect(server.url).list_models()
    assert server.requests[0].line == "GET /v1/models?limit=1000 HTTP/1.1"
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert [(model.id, model.max_tokens, model.lifecycle, model.temperature) for model in models] == [
        ("claude-sonnet-5-5", 128000, "active", False),
        ("claude-haiku-4-5", 64000, "deprecated", True),
    ]
    assert models[0].temperature_note == "claude-sonnet-5-5 does not accept a temperature, so it is not sent."


async def test_a_gateway_may_list_models_in_a_simpler_form(connect: Connect) -> None:
    async with upstream(answered({"object": "list", "data": [{"id": "house-model", "object": "model"}]})) as server:
        models = await connect(server.url).list_models()
    assert [(model.id, model.display_name, model.max_tokens) for model in models] == [
        ("house-model", "house-model", None)
    ]


async def test_odd_values_in_a_list_of_models_spoil_no_other_one(connect: Connect) -> None:
    odd = '{"id": "a\\ud800", "display_name": "b\\u0000"}'
    limits = ("1e400", "1" + "0" * 30, "NaN", "true", '"5"', "-1", "null", "64000")
    entries = ",".join([odd, *(f'{{"id": "m", "max_tokens": {limit}}}' for limit in limits)])
    body = chunk(f'{{"data": [{entries}]}}'.encode())
    async with upstream([head(200, "application/json"), body, END]) as server:
        models = await connect(server.url).list_models()
    assert (models[0].id, models[0].display_name) == ("a\ufffd", "b\ufffd")
    assert [model.max_tokens for model in models[1:]] == [*[None] * 7, 64000]


async def test_a_test_of_a_good_connection_tells_what_it_found(connect: Connect) -> None:
    async with upstream(answered(MODELS)) as server:
        outcome = await connect(server.url).test()
    assert (outcome.ok, outcome.models, outcome.newest) == (True, 2, "claude-sonnet-5-5")
    assert outcome.temperature == "accepted by the 4.5 and 4.6 models"


FAULTS: dict[str, tuple[list[Step], str]] = {
    "a wrong key": (refused(401, "authentication_error"), "connection_refused"),
    "a key without the right": (refused(403, "permission_error"), "connection_not_allowed"),
    "another API": (refused(404, "not_found_error"), "upstream_protocol_error"),
    "a web page": ([head(200, "text/html"), chunk(b"<h1>Hello</h1>"), END], "upstream_protocol_error"),
    "other JSON": (answered({"hello": "world"}), "upstream_protocol_error"),
    "a JSON list": (answered([1, 2]), "upstream_protocol_error"),
    "models without ids": (answered({"data": [{"name": "x"}]}), "upstream_protocol_error"),
    "a redirect": ([head(302, location="https://example.com"), END], "upstream_redirected"),
    "overload": (refused(529, "overloaded_error"), "upstream_overloaded"),
    "overload in a list": (answered([{"error": {"code": 529, "message": "x"}}]), "upstream_overloaded"),
    "overload behind status 200": (answered({"error": {"type": "overloaded_error"}}), "upstream_overloaded"),
    "no answer": ([FIN], "upstream_disconnected"),
}


@pytest.mark.parametrize(("script", "code"), FAULTS.values(), ids=FAULTS.keys())
async def test_a_test_of_a_bad_connection_says_what_is_wrong_and_asks_once(
    connect: Connect, script: list[Step], code: str
) -> None:
    async with upstream(script) as server:
        outcome = await connect(server.url).test()
    assert (outcome.ok, outcome.code, len(server.requests)) == (False, code, 1)
    assert outcome.message.endswith(".")
    assert KEY not in str(outcome)


@pytest.mark.parametrize("name", FAULTS)
async def test_the_address_is_blamed_only_where_it_is_the_likely_cause(connect: Connect, name: str) -> None:
    script, code = FAULTS[name]
    async with upstream(script) as server:
        with pytest.raises(ActionError) as raised:
            await list_models(connect(server.url))
    assert (raised.value.hint == "Check the base URL of the connection.") == (code == "upstream_protocol_error")


async def test_a_silent_server_is_not_waited_for(connect: Connect) -> None:
    async with upstream([head(200, "application/json"), chunk(b" ")]) as server:
        with pytest.raises(ActionError) as raised:
            await list_models(connect(server.url), timing=Timing(list_s=0.1))
    assert raised.value.code == "upstream_timeout"
