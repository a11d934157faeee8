"""Which protocol the errors of an address are written in."""

import re
from collections.abc import Mapping

from flows.protocols.ag_ui.errors import ERRORS as AG_UI_ERRORS
from flows.protocols.ai_sdk.errors import ERRORS as AI_SDK_ERRORS
from flows.protocols.anthropic_messages.errors import ERRORS as ANTHROPIC_ERRORS
from flows.protocols.mcp.errors import ERRORS as MCP_ERRORS
from flows.protocols.openai_errors import ERRORS as OPENAI_ERRORS
from web.error_forms import ErrorForm

MODEL_PREFIX = "/v1/"
MCP_PATH = "/mcp"
UI_PATH = re.compile(r"/api/v1/flows/[^/]+/ui(?:/.*)?", re.DOTALL)
AGENT_PATH = re.compile(r"/api/v1/flows/[^/]+/ag-ui")


def choose_error_form(path: str, headers: Mapping[str, str]) -> ErrorForm | None:
    """Return the form of errors at an address; None where they have the usual body."""
    if path.startswith(MODEL_PREFIX):
        is_anthropic = path.startswith("/v1/messages") or speaks_anthropic(headers)
        return ANTHROPIC_ERRORS if is_anthropic else OPENAI_ERRORS
    if path == MCP_PATH:
        return MCP_ERRORS
    if AGENT_PATH.fullmatch(path):
        return AG_UI_ERRORS
    return AI_SDK_ERRORS if UI_PATH.fullmatch(path) else None


def speaks_anthropic(headers: Mapping[str, str]) -> bool:
    """Return whether a request to an address that both protocols have comes from a client of Anthropic's."""
    return "anthropic-version" in headers
