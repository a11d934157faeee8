"""Counts the tokens of a call before it is made, by the model that the flow calls. Takes a seat, and starts no run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from actions.contract.connection import Connection
from actions.contract.errors import DomainError
from flows.graph.plan import Plan
from flows.limits.live_runs import Seat, live_runs
from flows.protocols.anthropic_messages.parse import read_call
from flows.protocols.chat_call import ChatCall
from flows.protocols.client_calls import admit_model_client, find_model, read_body
from flows.runs.plan_cache import plan_cache

MODEL_PROPERTY = "model_id"
"""The property that names the model, in every action that calls one."""


@dataclass(frozen=True, slots=True)
class TokenCountCall:
    """What is to be counted, and by whom."""

    connection: Connection
    model_id: str
    system: str
    messages: Sequence[Mapping[str, Any]]
    seat: Seat
    """A count waits for the vendor as a run does, and so no caller has more of both than of runs."""

    async def count(self) -> int:
        """Return the tokens; raises DomainError `tokens_not_counted`, and what the vendor's API fails with.

        Raises also what `LiveRuns.take_seat` raises.
        """
        live_runs.take_seat(self.seat, settings.MILLRACE_RUN_LIMITS)
        try:
            tokens = await self.connection.count_tokens(self.model_id, self.system, self.messages)
        finally:
            live_runs.free_seat(self.seat)
        if tokens is None:
            raise _build_not_counted(f"The API of {self.model_id} does not count tokens.")
        return tokens


def read_count_call(request: HttpRequest) -> TokenCountCall:
    """Return the count that a request asks for. Sync; raises as a call of Messages does, and `tokens_not_counted`."""
    caller = admit_model_client(request)
    body, size = read_body(request)
    call = read_call(body)
    environment = caller.environments[0]
    flow = plan_cache.get_flow(caller.workspace_id, find_model(caller, call.model), caller.flows, environment)
    runnable = plan_cache.open_flow(flow, environment)
    connection_id, model_id = _find_model(runnable.plan)
    return TokenCountCall(
        runnable.connections[connection_id],
        model_id,
        call.instructions,
        _list_messages(call, body),
        Seat(caller.workspace_id, caller.owner, size),
    )


def _find_model(plan: Plan) -> tuple[str, str]:
    """Return the connection and the id of the only model that the flow calls."""
    nodes = [node for node in plan.nodes.values() if not node.disabled]
    callers = [node for node in nodes if MODEL_PROPERTY in type(node.action).Properties.model_fields]
    models = {(node.connections.get("connection"), node.fixed_values.get(MODEL_PROPERTY)) for node in callers}
    connection_id, model_id = models.pop() if len(models) == 1 else (None, None)
    if connection_id is None or model_id is None:
        raise _build_not_counted("The flow does not call one model that is known before it runs.")
    return connection_id, model_id


def _list_messages(call: ChatCall, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what the flow is given of the messages: texts, and all of the last one, whose files are counted too."""
    earlier = [{"role": each.role, "content": each.text} for each in call.messages[:-1] if each.text]
    return [*earlier, {"role": "user", "content": body["messages"][-1]["content"]}]


def _build_not_counted(message: str) -> DomainError:
    hint = "Tokens are counted for a flow that calls one model of Anthropic's; usage comes with each answer."
    return DomainError("invalid", "tokens_not_counted", message, field="model", hint=hint, is_retryable=False)
