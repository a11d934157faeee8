"""Starts the run of a chat at an address that names its flow."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest

from flows import services
from flows.addresses import FlowReference, find_flow_id
from flows.protocols.answers import StartedCall
from flows.protocols.chat_call import CHAT_TRIGGER, ChatCall
from flows.protocols.client_calls import read_body
from flows.runs.prepare import RunCall
from flows.runs.start import start_run
from flows.wire.http_response import AnsweredRun
from web.requests import check_query, read_header_once
from workspaces.access import Caller, admit
from workspaces.environments import PARAMETER, choose_environment

ReadChat = Callable[[Mapping[str, Any]], tuple[str, ChatCall]]
"""Returns the session of a body and what it asks for."""


async def start_chat(
    request: HttpRequest, flow_id: FlowReference, read_chat: ReadChat, disconnect_grace_s: float | None = None
) -> StartedCall:
    """Start a run of the flow for the last message of a chat. Raises what `start_run` and `read_chat` raise."""
    calls: list[tuple[Caller, ChatCall]] = []

    def read_run_call() -> RunCall:
        caller = admit(request, "run")
        id = services.get_flow(caller.workspace_id, find_flow_id(caller.workspace_id, flow_id), caller.flows).pk
        check_query(request, (PARAMETER,))
        body, size = read_body(request)
        session, call = read_chat(body)
        calls.append((caller, call))
        return RunCall(
            caller,
            id,
            call.build_payload(session),
            size,
            environment=choose_environment(request, caller.environments),
            key=read_header_once(request, "Idempotency-Key", "bad_idempotency_key"),
            trigger=CHAT_TRIGGER,
            disconnect_grace_s=disconnect_grace_s,
        )

    run = await start_run(read_run_call)
    return StartedCall(*calls[0], AnsweredRun(run.id, run.revision))
