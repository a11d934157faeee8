"""What a start refers to may be deleted while it goes on: then it is refused as if that had happened before."""

import pytest

from actions.contract.errors import DomainError
from flows.models import Flow, Run
from flows.runs.plan_cache import plan_cache
from flows.runs.prepare import RunCall, prepare_run
from tests.flows.rest_client import PROMPT
from workspaces.access import ROLE_PERMISSIONS, Caller
from workspaces.keys import find_key
from workspaces.models import ApiKey, Workspace

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run_call(flow: Flow, key: str, workspace: Workspace) -> RunCall:
    row = find_key(key)
    assert row
    return RunCall(
        Caller("key", workspace.pk, ROLE_PERMISSIONS["editor"], key_id=row.id, key_digest=row.digest),
        flow.pk,
        PROMPT,
        payload_bytes=100,
    )


def test_a_key_that_is_deleted_meanwhile_is_no_key(run_call: RunCall) -> None:
    ApiKey.objects.all().delete()
    with pytest.raises(DomainError) as refused:
        prepare_run(run_call)
    assert (refused.value.kind, refused.value.code) == ("unauthenticated", "not_signed_in")
    assert not Run.objects.exists()


def test_a_flow_that_is_deleted_meanwhile_is_not_found(
    run_call: RunCall, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    version_id = plan_cache.get_version_id(flow)

    def delete_flow(_: Flow) -> int:
        Flow.objects.all().delete()
        return version_id

    monkeypatch.setattr(plan_cache, "get_version_id", delete_flow)
    with pytest.raises(DomainError) as refused:
        prepare_run(run_call)
    assert refused.value.kind == "not_found"
