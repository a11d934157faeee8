"""Tells schemathesis which refusals of a valid request are right, because no schema can say what they ask for."""

import json
import re
from typing import Any

import schemathesis

MADE_ADDRESS = re.compile("[a-z0-9-]{1,30}")
"""What a flow that was made before may have as its address: a short text, or a number. No id is so short."""

BEYOND_SCHEMAS = frozenset(
    {
        "address_taken",  # by another flow
        "bad_address",  # an id, or an address of the API itself
        "bad_character",  # NUL, anywhere in a body
        "bad_image",  # base64 of something else
        "bad_cursor",  # beyond the events that the run has
        "bad_number",  # beyond 64 bits, in values of any type
        "already_member",  # the address of an invitation
        "bad_parameter",  # a time that Python does not know, such as a leap second
        "files_not_taken",  # by the flow of a chat page
        "idempotency_key_reused",  # for another body than before
        "invalid_address",  # of mail
        "invalid_embedder",  # unknown, or with what its kind does not have
        "in_the_past",  # when a key expires
        "invalid_file",  # of flows: it is a text with JSON or YAML in it
        "invalid_filter",  # not an expression
        "invalid_json",  # in the text of a file of flows
        "invalid_origin",  # no host that a browser knows
        "keeps_too_much",  # more logs than a setting of the server allows
        "link_not_valid",  # a token that was never given
        "name_taken",
        "no_price",  # at all; each may be left out
        "secret_too_short",  # among the values of a variable
        "too_deep",
        "too_late",  # counted from now
        "unknown_connection",
        "unknown_flow",
        "unsupported_document",  # by the name of the file
    }
)
"""The codes of these refusals."""


def is_finding(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Return whether a failure says something of the product."""
    if type(failure).__name__ == "AcceptedNegativeData":
        if (case.headers or {}).get("Last-Event-ID") == "":
            return False  # an empty id means none, as the standard of event streams says
        return MADE_ADDRESS.fullmatch(str((case.path_parameters or {}).get("flow_id"))) is None
    if type(failure).__name__ != "RejectedPositiveData":
        return True
    try:
        return json.loads(response.content)["error"]["code"] not in BEYOND_SCHEMAS
    except (ValueError, KeyError):
        return True


schemathesis.hook("filter_failure")(is_finding)
