"""One HTTP call of a flow: to addresses that the policy allows, under a time limit and a size limit.

Redirects are followed here, one by one, so that each is judged like the first and none takes a secret elsewhere.
"""

import asyncio

import httpx2

from actions.contract.errors import ActionError
from actions.contract.model_calls import failed_calls
from actions.contract.sizes import format_size
from actions.network.answer import AnswerLimits, AnswerTooLarge
from actions.network.policy import NetworkPolicy
from actions.network.resolver import AddressNotAllowed
from actions.network.transport import GuardedTransport

MAX_REDIRECTS = 5
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
SAME_HOST_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})


async def fetch(
    request: httpx2.Request,
    policy: NetworkPolicy,
    *,
    timeout_s: float,
    most_bytes: int,
    secrets: frozenset[str] = frozenset(),
) -> httpx2.Response:
    """Return the answer, read whole. `secrets` names headers that go to the first host alone, in lower case.

    Raises ActionError: `address_not_allowed`, `http_unreachable`, `http_timeout`, `http_too_large`,
    `http_too_many_redirects`, `http_failed`.
    """
    limits = AnswerLimits(line_bytes=most_bytes, total_bytes=most_bytes)
    transport = GuardedTransport(policy, limits=limits)
    host = request.url.host
    try:
        async with asyncio.timeout(timeout_s), httpx2.AsyncClient(transport=transport, trust_env=False) as client:
            return await _follow(client, request, SAME_HOST_HEADERS | secrets)
    except TimeoutError:
        failed_calls["http", "http_timeout"] += 1
        message = f"{host} did not answer within {timeout_s:g} s."
        raise ActionError("http_timeout", message, "Raise the timeout, or ask for less.") from None
    except httpx2.HTTPError as error:
        failure = _convert_error(error, host, most_bytes)
        failed_calls["http", failure.code] += 1
        raise failure from None


async def _follow(client: httpx2.AsyncClient, request: httpx2.Request, private: frozenset[str]) -> httpx2.Response:
    for _ in range(MAX_REDIRECTS + 1):
        answer = await client.send(request, follow_redirects=False)
        if answer.status_code not in REDIRECT_STATUSES or answer.next_request is None:
            return answer
        following = answer.next_request
        if _get_origin(following.url) != _get_origin(request.url):
            for name in [name for name in following.headers if name.lower() in private]:
                del following.headers[name]
        request = following
    raise ActionError("http_too_many_redirects", f"{request.url.host} redirects more than {MAX_REDIRECTS} times.")


def _get_origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _convert_error(error: httpx2.HTTPError, host: str, most_bytes: int) -> ActionError:
    if isinstance(error, AddressNotAllowed):
        hint = "An administrator of the server can allow its host and port."
        return ActionError("address_not_allowed", f"{host} leads to an address that this server does not allow.", hint)
    if isinstance(error, AnswerTooLarge):
        limit = format_size(most_bytes)
        message = f"The answer of {host} is larger than {limit}, or compressed although that was declined."
        return ActionError("http_too_large", message)
    if isinstance(error, httpx2.UnsupportedProtocol):
        hint = "Check the URL, its port, and where the service redirects to."
        return ActionError("http_unreachable", f"An address of the call cannot be used. {error}", hint)
    if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
        return ActionError("http_unreachable", f"{host} cannot be reached.", "Check the address.")
    if isinstance(error, httpx2.TimeoutException):
        return ActionError("http_timeout", f"{host} fell silent.", "Run the flow again in a moment.")
    return ActionError("http_failed", f"The connection to {host} broke off.", "Run the flow again in a moment.")
