"""Who calls, for which environment, what the body holds, and which flow is named as the model. Sync."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from actions.contract.errors import DomainError
from flows.addresses import find_flow_id
from web.errors import build_not_found
from web.requests import check_query, read_json_body
from web.strict_json import START_LIMITS, parse_object
from web.text import read_uuid
from workspaces.access import Caller, admit
from workspaces.environments import PARAMETER, choose_environment

KEY_HEADER = "X-Api-Key"
"""Where Anthropic's older clients send their key."""
SENT_BY_SDKS = ("beta", "api-version")
"""Query parameters that the vendors' clients send: Anthropic's for what is in beta, and OpenAI's to Azure."""
LEFT_GRACE_S = 1.0
"""How long after its client has left a run is cancelled, where the protocol has no way to come back."""


def admit_client(request: HttpRequest) -> Caller:
    """Return the caller of an address of a vendor's protocol, who may run flows. Raises as `admit` does."""
    return admit(request, "run", key_header=KEY_HEADER)


def admit_model_client(request: HttpRequest, known: Collection[str] = ()) -> Caller:
    """Return the caller of an address of models, for the environment that the request names, else its first one.

    Raises as `admit_client` and `choose_environment` do, and for a query parameter that is not among those `known`.
    """
    caller = admit_client(request)
    check_query(request, (PARAMETER, *SENT_BY_SDKS, *known))
    return replace(caller, environments=(choose_environment(request, caller.environments),))


def read_body(request: HttpRequest) -> tuple[dict[str, Any], int]:
    """Return the JSON object in the body and its size. Raises DomainError as `parse_object` does."""
    body = read_json_body(request, START_LIMITS)
    return parse_object(body, START_LIMITS), len(body)


def find_model(caller: Caller, model: str) -> UUID:
    """Return the id of the flow that a caller names as its model; raises DomainError `model_not_found`. Sync."""
    try:
        id = find_flow_id(caller.workspace_id, read_uuid(model) or model)
        if caller.flows is not None and str(id) not in caller.flows:
            raise build_not_found()
    except DomainError:
        message = f"There is no flow {model[:100]!r} that this key may call."
        hint = "The model is the address name of a flow; GET /v1/models lists them."
        raise DomainError("not_found", "model_not_found", message, field="model", hint=hint) from None
    return id
