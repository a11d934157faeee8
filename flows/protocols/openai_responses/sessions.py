"""Which session a call of Responses belongs to, so that the flow finds in its history what was said before. Sync."""

import json
import uuid
from uuid import UUID

from actions.contract.errors import DomainError
from flows.models import Flow, Run
from flows.protocols.chat_call import ChatCall
from flows.protocols.openai_responses.encode import RESPONSE_PREFIX
from flows.runs.plan_cache import plan_cache
from web.text import read_uuid
from workspaces.access import Caller

SESSION_FIELD = "session_id"
"""A flow that keeps a history reads this field of the trigger, or has an action with a property of this name."""


def choose_session(caller: Caller, flow_id: UUID, call: ChatCall, start_key: str | None) -> str:
    """Return the session of a call: the one that it names, that of the earlier response, or a new one.

    Empty for a flow that keeps no history. Raises DomainError `previous_response_not_found` and
    `history_not_kept`.
    """
    if conversation := call.options["conversation"]:
        return str(conversation)
    previous = call.options["previous_response_id"]
    if not _keeps_history(plan_cache.get_flow(caller.workspace_id, flow_id, caller.flows, caller.environments[0])):
        if previous:
            raise _build_history_not_kept()
        return ""
    if previous:
        return _find_session(caller, flow_id, previous)
    return _create_session(caller, flow_id, start_key) if call.options["is_stored"] else ""


def _find_session(caller: Caller, flow_id: UUID, response_id: str) -> str:
    run_id = read_uuid(response_id.removeprefix(RESPONSE_PREFIX))
    session_id = _read_session(caller, flow_id, run_id) if run_id else None
    if not session_id:
        message = f"There is no response {response_id!r} of this flow and key that a call can follow."
        hint = "Name a response of the same model that was stored, or leave out previous_response_id."
        field = "previous_response_id"
        raise DomainError("invalid", "previous_response_not_found", message, field=field, hint=hint)
    return session_id


def _read_session(caller: Caller, flow_id: UUID, run_id: UUID) -> str | None:
    runs = Run.objects.filter(pk=run_id, flow_id=flow_id, owner=caller.owner)
    return runs.values_list("session_id", flat=True).first()


def _create_session(caller: Caller, flow_id: UUID, start_key: str | None) -> str:
    """Return a new session; that of a call with an Idempotency-Key is the same when its caller repeats it."""
    return str(uuid.uuid5(flow_id, f"{caller.owner}\n{start_key}") if start_key else uuid.uuid4())


def _keeps_history(flow: Flow) -> bool:
    return SESSION_FIELD in json.dumps([node.get("properties") for node in flow.graph["nodes"]])


def _build_history_not_kept() -> DomainError:
    message = "The flow keeps no history, so a call cannot follow an earlier response."
    hint = "Send the earlier messages in input, or let the flow keep a history by the session id of its trigger."
    return DomainError("invalid", "history_not_kept", message, field="previous_response_id", hint=hint)
