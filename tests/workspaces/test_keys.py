"""API keys: accepted in one header only, one answer to every bad key, shown once, limited to their policies."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from flows.models import Flow
from workspaces import keys
from workspaces.access import REFUSED_KEY_LIMIT
from workspaces.models import ApiKey, AuditEntry, User, Workspace

pytestmark = pytest.mark.django_db
PATH = "/api/v1/api-keys"
FLOWS = "/api/v1/flows"


@pytest.fixture
def key(workspace: Workspace, alice: User) -> str:
    return keys.issue_key(workspace, alice, name="Site", policies=["configure"])[1]


def get_as(authorization: str, path: str = FLOWS, **headers: str) -> Any:
    return Client().get(path, headers={"Authorization": authorization, **headers})


def create_key(client: Client, **changes: Any) -> Any:
    body = {"name": "Site", "policies": ["execute"], **changes}
    return client.post(PATH, json.dumps(body), content_type="application/json")


def test_a_key_is_a_way_in(key: str) -> None:
    assert get_as(f"Bearer {key}").status_code == 200
    assert get_as(f"bearer {key}").status_code == 200


def test_a_key_is_shown_once_and_then_its_end_only(client: Client, alice: User) -> None:
    response = create_key(client, policies=["configure", "execute"])
    made = response.json()
    assert response.status_code == 201
    assert response.headers["Cache-Control"] == "no-store"
    listed = client.get(PATH).json()["api_keys"][0]
    assert {**listed, "key": made["key"]} == made
    assert made["key"].startswith(made["prefix"])
    assert made["key"].endswith(made["last4"])
    assert (made["policies"], made["created_by"]) == (["execute", "configure"], "Alice")


def test_the_database_holds_no_key(key: str) -> None:
    assert key not in str(list(ApiKey.objects.values()))
    assert key[len(keys.KEY_PREFIX) + 9 : -8] not in str(list(ApiKey.objects.values()))


def test_a_used_key_says_when_once_a_minute(key: str) -> None:
    get_as(f"Bearer {key}")
    first = ApiKey.objects.get().last_used_at
    get_as(f"Bearer {key}")
    assert first is not None
    assert ApiKey.objects.get().last_used_at == first


def change_character(key: str, at: int) -> str:
    return key[:at] + ("a" if key[at] != "a" else "b") + key[at + 1 :]


BAD_AUTHORIZATIONS: dict[str, Callable[[str], str]] = {
    "empty": lambda key: "",
    "no scheme": lambda key: key,
    "another scheme": lambda key: f"Basic {key}",
    "no key": lambda key: "Bearer",
    "null": lambda key: "Bearer null",
    "two keys": lambda key: f"Bearer {key},Bearer {key}",
    "a wrong checksum": lambda key: f"Bearer {change_character(key, -1)}",
    "a changed secret": lambda key: f"Bearer {change_character(key, 30)}",
    "a space at the end": lambda key: f"Bearer {key} ",
    "another case": lambda key: f"Bearer {key.upper()}",
    "SQL": lambda key: "Bearer ' OR '1'='1",
    "long": lambda key: "Bearer " + "a" * 5000,
    "not ASCII": lambda key: f"Bearer mr_live_é{key[9:]}",
}


@pytest.mark.parametrize("authorization", BAD_AUTHORIZATIONS.values(), ids=BAD_AUTHORIZATIONS)
def test_every_bad_key_has_one_answer(key: str, authorization: Callable[[str], str]) -> None:
    answers = [get_as(authorization(key)), Client().get(FLOWS)]
    bodies = [answer.json()["error"] for answer in answers]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert {**bodies[0], "request_id": ""} == {**bodies[1], "request_id": ""}
    assert answers[0].headers["WWW-Authenticate"] == "Bearer"


def test_a_well_formed_key_that_was_never_issued_is_refused(key: str) -> None:
    body = keys.KEY_PREFIX + "a" * 8 + "_" + "b" * 40
    assert get_as(f"Bearer {body}{keys._compute_checksum(body)}").status_code == 401


def test_a_revoked_and_an_expired_key_are_refused(key: str, client: Client) -> None:
    ApiKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert get_as(f"Bearer {key}").status_code == 401
    ApiKey.objects.update(expires_at=None)
    assert get_as(f"Bearer {key}").status_code == 200
    assert client.delete(f"{PATH}/{ApiKey.objects.get().pk}").status_code == 204
    assert get_as(f"Bearer {key}").status_code == 401


def test_a_key_counts_in_its_header_only(key: str) -> None:
    carriers = [
        Client().get(f"{FLOWS}?api_key={key}"),
        Client().get(f"{FLOWS}?key={key}&access_token={key}"),
        Client().get(FLOWS, headers={"X-API-Key": key}),
        Client().get(FLOWS, headers={"Proxy-Authorization": f"Bearer {key}"}),
        Client().get(FLOWS, headers={"Cookie": f"Authorization=Bearer {key}; sessionid={key}"}),
    ]
    assert [answer.status_code for answer in carriers] == [401] * 5


def test_a_bad_key_is_not_made_good_by_a_session(client: Client) -> None:
    assert client.get(FLOWS, headers={"Authorization": "Bearer nothing"}).status_code == 401


def test_a_key_needs_no_proof_of_its_page(key: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    body = json.dumps({"name": "By key"})
    headers = {"Authorization": f"Bearer {key}"}
    assert strict.post(FLOWS, body, content_type="application/json", headers=headers).status_code == 201


def test_guessing_keys_is_slowed_and_never_holds_up_a_good_one(key: str) -> None:
    statuses = [get_as("Bearer wrong").status_code for _ in range(REFUSED_KEY_LIMIT.max_events + 1)]
    assert statuses == [401] * REFUSED_KEY_LIMIT.max_events + [429]
    assert get_as(f"Bearer {key}").status_code == 200


def test_a_refused_key_is_logged_by_a_fingerprint(key: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        get_as(f"Bearer {change_character(key, 30)}")
    assert "key_refused" in caplog.text
    assert change_character(key, 30)[9:] not in caplog.text


def test_a_key_is_no_person(key: str) -> None:
    assert get_as(f"Bearer {key}", "/api/v1/me").status_code == 401


@pytest.mark.parametrize("path", [PATH, "/api/v1/connections/" + str(UUID(int=7))])
def test_a_key_never_manages(key: str, path: str) -> None:
    assert get_as(f"Bearer {key}", path).status_code == 403


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "no policies": ({"policies": []}, 422, "policies"),
    "an unknown policy": ({"policies": ["admin"]}, 422, "policies.0"),
    "policies as a text": ({"policies": "execute"}, 422, "policies"),
    "no flows at all": ({"flows": []}, 422, "flows"),
    "a flow that is not there": ({"flows": [str(uuid4())]}, 422, "flows"),
    "a flow that is no id": ({"flows": ["1"]}, 422, "flows.0"),
    "a time that has passed": ({"expires_at": "2020-01-01T00:00:00Z"}, 422, "expires_at"),
    "a time that is none": ({"expires_at": "soon"}, 422, "expires_at"),
    "a digest": ({"digest": "0" * 64}, 400, "digest"),
    "a workspace": ({"workspace": str(uuid4())}, 400, "workspace"),
}


@pytest.mark.parametrize(("changes", "status", "field"), REFUSED.values(), ids=REFUSED)
def test_what_a_key_cannot_be_is_refused_by_its_field(
    client: Client, changes: dict[str, Any], status: int, field: str
) -> None:
    response = create_key(client, **changes)
    assert (response.status_code, response.json()["error"]["field"]) == (status, field)
    assert not ApiKey.objects.exists()


def test_a_time_that_has_passed_has_a_code_of_its_own(client: Client) -> None:
    response = create_key(client, expires_at="2020-01-01T00:00:00Z")
    assert response.json()["error"]["code"] == "in_the_past"


def test_a_key_cannot_be_made_for_the_flows_of_others(client: Client, other_workspace: Workspace) -> None:
    theirs = Flow.objects.create(workspace=other_workspace, name="Theirs")
    assert create_key(client, flows=[str(theirs.pk)]).status_code == 422


def test_a_key_for_one_flow_sees_that_flow_alone(client: Client, workspace: Workspace) -> None:
    mine, other = (Flow.objects.create(workspace=workspace, name=name) for name in ("Mine", "Other"))
    key = create_key(client, policies=["configure"], flows=[str(mine.pk)]).json()["key"]
    assert [flow["name"] for flow in get_as(f"Bearer {key}").json()["flows"]] == ["Mine"]
    assert get_as(f"Bearer {key}", f"{FLOWS}/{other.pk}").status_code == 404


def test_the_keys_of_others_are_not_there(bobs_client: Client, key: str) -> None:
    assert bobs_client.get(PATH).json() == {"api_keys": []}
    assert bobs_client.delete(f"{PATH}/{ApiKey.objects.get().pk}").status_code == 404
    assert ApiKey.objects.exists()


def test_an_admin_sets_the_limits_of_a_key(client: Client, editors_client: Client, bobs_client: Client) -> None:
    made = create_key(client, runs_per_minute=60).json()
    assert (made["runs_per_minute"], made["runs_at_once"], made["tokens_per_day"]) == (60, None, None)
    path, body = f"{PATH}/{made['id']}", json.dumps({"runs_at_once": 2, "tokens_per_day": 1_000_000})
    for stranger, status in ((editors_client, 403), (bobs_client, 404)):
        assert stranger.patch(path, body, content_type="application/json").status_code == status
    changed = client.patch(path, body, content_type="application/json").json()
    assert (changed["runs_per_minute"], changed["runs_at_once"], changed["tokens_per_day"]) == (None, 2, 1_000_000)
    entry = AuditEntry.objects.get(deed="key.changed")
    assert (entry.subject_name, entry.detail) == ("Site", "2 runs at once, 1,000,000 tokens per day")
    client.patch(path, "{}", content_type="application/json")
    assert ApiKey.objects.get().limits is None


@pytest.mark.parametrize("value", [0, -1, 1.5, "many", 10**13])
def test_a_limit_is_a_whole_number_from_one(client: Client, value: object) -> None:
    refused = create_key(client, runs_per_minute=value)
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "runs_per_minute")
