"""A chat at an address that names its flow: who calls, what is asked, and the run that answers it. Sync."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from flows import services
from flows.addresses import FlowReference, find_flow_id
from flows.protocols.chat_call import CHAT_TRIGGER, ChatCall
from flows.protocols.client_calls import read_body
from flows.runs.idempotency import read_repeat
from flows.runs.prepare import RunCall
from web.requests import check_query
from workspaces.access import Caller, admit
from workspaces.environments import PARAMETER, choose_environment

ReadChat = Callable[[Mapping[str, Any]], tuple[str, ChatCall]]
"""Returns the session of a body and what it asks for."""


@dataclass(frozen=True, slots=True)
class OpenedChat:
    """A chat whose caller is known."""

    caller: Caller
    call: ChatCall
    run_call: RunCall
    """What starts the run for its last message."""


def open_chat(
    request: HttpRequest, flow_id: FlowReference, read_chat: ReadChat, disconnect_grace_s: float | None = None
) -> OpenedChat:
    """Return what a call asks the flow. Raises DomainError: of admission, of the flow, and what `read_chat` raises."""
    caller = admit(request, "run")
    id = services.get_flow(caller.workspace_id, find_flow_id(caller.workspace_id, flow_id), caller.flows).pk
    check_query(request, (PARAMETER,))
    body, size = read_body(request)
    session, call = read_chat(body)
    key, resumes = read_repeat(request)
    run_call = RunCall(
        caller,
        id,
        call.build_payload(session),
        size,
        environment=choose_environment(request, caller.environments),
        key=key,
        resumes=resumes,
        trigger=CHAT_TRIGGER,
        disconnect_grace_s=disconnect_grace_s,
    )
    return OpenedChat(caller, call, run_call)
