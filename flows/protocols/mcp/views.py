"""The one address of the protocol."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from actions.contract.errors import DomainError
from flows.protocols.client_calls import admit_client
from flows.protocols.mcp import encode, parse
from flows.protocols.mcp.calls import OpenedCall, call_tool, cancel_call
from flows.protocols.mcp.errors import METHOD_NOT_FOUND, RpcError, RpcErrors
from flows.protocols.mcp.tools import list_tools
from flows.wire.http_response import accepts
from web.async_views import endpoint
from web.database import in_database
from web.requests import check_query, read_header_once, read_json_body
from web.strict_json import START_LIMITS, parse_json
from workspaces.cross_origin import require_allowed_origin

Answer = Callable[[HttpRequest, OpenedCall], Awaitable[HttpResponseBase]]


@endpoint("POST", foreign=True)
async def serve(request: HttpRequest) -> HttpResponseBase:
    """Answer one message of a client: a request, or a notification, which has no answer."""
    opened: OpenedCall = await in_database(open_call, request)
    message = opened.message
    try:
        if message.is_stateless:
            parse.check_envelope(message)
        if message.id is None:
            return await _take_notification(opened)
        return await _find_answer(message)(request, opened)
    except DomainError as error:
        return RpcErrors(message.id, is_stateless=message.is_stateless).build_response(error)


def open_call(request: HttpRequest) -> OpenedCall:
    """Return who sends a message, and the message. Sync. Raises DomainError."""
    caller = admit_client(request)
    require_allowed_origin(request)
    check_query(request)
    if not accepts(request, "application/json"):
        hint = "Accept application/json and text/event-stream."
        raise DomainError("not_acceptable", "not_acceptable", "The answer is JSON.", hint=hint)
    body = read_json_body(request, START_LIMITS)
    message = parse.read_message(parse_json(body, START_LIMITS), _read_headers(request))
    return OpenedCall(caller, message, len(body))


def _read_headers(request: HttpRequest) -> parse.Headers:
    version, method, name, session = (
        read_header_once(request, header, "bad_header")
        for header in (parse.VERSION_HEADER, parse.METHOD_HEADER, parse.NAME_HEADER, parse.SESSION_HEADER)
    )
    parse.check_session(session)
    return parse.Headers(version, method, name, session)


async def _take_notification(opened: OpenedCall) -> HttpResponse:
    """Cancel what a client of the older generation gives up. One of the newer generation closes its request."""
    if opened.message.method == "notifications/cancelled" and not opened.message.is_stateless:
        await cancel_call(opened)
    return HttpResponse(status=202)


def _find_answer(message: parse.Message) -> Answer:
    answer = (STATELESS_ANSWERS if message.is_stateless else HANDSHAKE_ANSWERS).get(message.method)
    if answer is None:
        raise RpcError(METHOD_NOT_FOUND, f"There is no method {message.method[:100]!r} here.")
    return answer


def _reply(opened: OpenedCall, result: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> JsonResponse:
    return JsonResponse(encode.build_reply(opened.message, result), headers=headers)


async def _initialize(request: HttpRequest, opened: OpenedCall) -> JsonResponse:
    """Begin a session. Nothing is stored of it: it only sets the ids of one client apart from those of others."""
    version = parse.choose_version(opened.message.params)
    return _reply(opened, encode.describe_server(version), {parse.SESSION_HEADER: uuid4().hex})


async def _discover(request: HttpRequest, opened: OpenedCall) -> JsonResponse:
    return _reply(opened, encode.describe_discovery())


async def _ping(request: HttpRequest, opened: OpenedCall) -> JsonResponse:
    return _reply(opened, {})


async def _list_tools(request: HttpRequest, opened: OpenedCall) -> JsonResponse:
    page = await in_database(list_tools, opened.caller, parse.read_cursor(opened.message.params))
    tools = (encode.describe_tool(*tool[1:]) for tool in page.tools)
    return _reply(opened, encode.describe_tools(tools, page.cursor, opened.message))


HANDSHAKE_ANSWERS: Mapping[str, Answer] = {
    "initialize": _initialize,
    "ping": _ping,
    "tools/list": _list_tools,
    "tools/call": call_tool,
}
STATELESS_ANSWERS: Mapping[str, Answer] = {
    "server/discover": _discover,
    "tools/list": _list_tools,
    "tools/call": call_tool,
}
