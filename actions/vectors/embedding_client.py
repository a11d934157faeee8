"""One call of an embeddings API over HTTP, for the vendors that speak OpenAI's shape of it.

A vendor's text stays out of messages: it may quote what was embedded. Redirects are not followed, answers are read
under a limit, and only what failed in passing is tried again.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
from pydantic_core import from_json

from actions.contract.errors import ActionError
from actions.contract.model_calls import ModelCall, failed_calls, watch_call
from actions.network.answer import AnswerLimits, AnswerTooLarge
from actions.network.policy import NetworkPolicy
from actions.network.resolver import AddressNotAllowed
from actions.network.retry_after import read_retry_after
from actions.network.transport import GuardedTransport
from actions.vectors.embedding import MAX_DIMENSION, Vectors, load_numpy

MAX_TRIES = 3
FIRST_PAUSE_S = 0.5
MAX_PAUSE_S = 8.0
TIMEOUT = httpx2.Timeout(60, connect=10)
ANSWER_LIMITS = AnswerLimits(line_bytes=32 * 1024 * 1024, total_bytes=32 * 1024 * 1024)
TRANSIENT_STATUSES = frozenset({408, 409, 429, 500, 502, 503, 504, 529})

CHECK_URL = "Check the base URL of the connection."
TRY_LATER = "Try again in a moment."
WORDS_BY_STATUS: dict[int, tuple[str, str, str | None]] = {
    400: ("request_refused", "The API refused the request.", "Check the model and its dimension."),
    401: ("connection_refused", "The API refused the key of the connection.", "Enter a current key in it."),
    402: ("billing", "The account of the connection cannot pay for the call.", "Check the account's billing."),
    403: (
        "connection_not_allowed",
        "The key of the connection may not make this call.",
        "Check the permissions of the key.",
    ),
    404: ("model_not_found", "The API does not know the model, or is not at this address.", "Check both."),
    413: ("request_too_large", "The texts are larger than the API accepts.", "Split them into smaller chunks."),
    422: ("request_refused", "The API refused the request.", "Check the model and its dimension."),
    429: ("upstream_rate_limited", "The API's limit on requests is reached.", "Try again later, or raise the limit."),
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an API is, and what proves who calls. Its text never holds the key."""

    base_url: str
    key: str
    network: NetworkPolicy
    first_pause_s: float = FIRST_PAUSE_S
    provider: str = "openai"
    """Whose API it is, as `ModelCall` names it."""

    def __repr__(self) -> str:
        return f"Endpoint({self.base_url!r})"

    @property
    def host(self) -> str:
        return httpx2.URL(self.base_url).host


async def embed_batches(endpoint: Endpoint, texts: list[str], payload: Mapping[str, Any], at_once: int) -> Vectors:
    """Return the rows of the texts, batch by batch over one connection; raises ActionError."""
    with watch_call(ModelCall("embeddings", endpoint.provider, payload["model"], endpoint.base_url)):
        return await _embed_batches(endpoint, texts, payload, at_once)


async def _embed_batches(endpoint: Endpoint, texts: list[str], payload: Mapping[str, Any], at_once: int) -> Vectors:
    await load_numpy()
    import numpy as np

    async with _build_client(endpoint) as client:
        batches = [texts[begin : begin + at_once] for begin in range(0, len(texts), at_once)]
        rows = [
            read_rows(await _send(client, endpoint, "POST", "/embeddings", {**payload, "input": batch}), len(batch))
            for batch in batches
        ]
    return np.concatenate(rows)


async def list_model_ids(endpoint: Endpoint) -> list[str]:
    """Return the ids of the models on offer; raises ActionError."""
    async with _build_client(endpoint) as client:
        answer = await _send(client, endpoint, "GET", "/models", None)
    entries = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(entries, list):
        raise _build_malformed_error()
    return [model["id"] for model in entries if isinstance(model, dict) and isinstance(model.get("id"), str)]


def read_rows(answer: Any, count: int) -> Vectors:
    """Return the rows in the order of the texts; raises ActionError when they are not what was asked for."""
    import numpy as np

    try:
        entries = sorted(answer["data"], key=lambda entry: entry["index"])
        rows = np.array([entry["embedding"] for entry in entries], np.float32)
        numbered = [entry["index"] for entry in entries] == list(range(count))
    except (LookupError, TypeError, ValueError, OverflowError):
        raise _build_malformed_error() from None
    if not numbered or rows.ndim != 2 or not 1 <= rows.shape[1] <= MAX_DIMENSION or not np.isfinite(rows).all():
        raise _build_malformed_error()
    return rows


def _build_client(endpoint: Endpoint) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        transport=GuardedTransport(endpoint.network, limits=ANSWER_LIMITS),
        headers={"Authorization": f"Bearer {endpoint.key}", "Accept-Encoding": "identity"},
        timeout=TIMEOUT,
        trust_env=False,
        follow_redirects=False,
    )


async def _send(client: httpx2.AsyncClient, endpoint: Endpoint, method: str, path: str, payload: Any) -> Any:
    for attempt in range(1, MAX_TRIES + 1):
        try:
            answer = await client.request(method, f"{endpoint.base_url}{path}", json=payload)
        except httpx2.HTTPError as error:
            failure, passing, wait_s = _convert_network_error(error, endpoint.host), _is_transient(error), None
        else:
            if answer.status_code == 200:
                return _parse_json(answer)
            failure, passing = _convert_status(answer), answer.status_code in TRANSIENT_STATUSES
            wait_s = read_retry_after(answer.headers)
        failed_calls["embeddings", failure.code] += 1
        if attempt == MAX_TRIES or not passing:
            raise failure
        usual_s = endpoint.first_pause_s * 2 ** (attempt - 1)
        await asyncio.sleep(min(usual_s if wait_s is None else wait_s, MAX_PAUSE_S))
    raise AssertionError("unreachable: the last try raises")


def _parse_json(answer: httpx2.Response) -> Any:
    try:
        return from_json(answer.content, allow_inf_nan=False)
    except ValueError:
        raise _build_malformed_error() from None


def _convert_status(answer: httpx2.Response) -> ActionError:
    status = answer.status_code
    detail = {"status": status, "host": answer.request.url.host}
    if 300 <= status < 400:
        message = "The server sent the call on to another address, which is not followed."
        return ActionError("upstream_redirected", message, "Enter the final address in the connection.", detail)
    usual = ("upstream_error", f"The API failed with status {status}.", TRY_LATER)
    code, message, hint = WORDS_BY_STATUS.get(status, usual)
    return ActionError(code, message, hint, detail)


def _convert_network_error(error: httpx2.HTTPError, host: str) -> ActionError:
    if isinstance(error, AddressNotAllowed):
        message = f"{host} leads to an address that this server does not allow."
        return ActionError("address_not_allowed", message, CHECK_URL)
    if isinstance(error, AnswerTooLarge):
        return ActionError("upstream_protocol_error", f"{host} answers with more than it may.", CHECK_URL)
    if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
        return ActionError("upstream_unreachable", f"{host} cannot be reached.", CHECK_URL)
    if isinstance(error, httpx2.TimeoutException):
        return ActionError("upstream_timeout", f"{host} did not answer in time.", TRY_LATER)
    return ActionError("upstream_disconnected", f"The connection to {host} broke off.", TRY_LATER)


def _is_transient(error: httpx2.HTTPError) -> bool:
    return not isinstance(error, AddressNotAllowed | AnswerTooLarge | httpx2.LocalProtocolError)


def _build_malformed_error() -> ActionError:
    return ActionError("upstream_protocol_error", "The API answered, but not with embeddings of the texts.", CHECK_URL)
