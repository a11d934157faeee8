"""OpenAI-compatible embeddings over a real socket: what is sent, what is read, and how failures are told."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from actions.contract.action import ActionContext
from actions.contract.errors import ActionError
from actions.network.policy import NetworkPolicy
from actions.openai.connection import OpenAIConnection
from actions.openai.embedder import OpenAIEmbedder
from actions.openai.text_embedder import OpenAITextEmbedder, OpenAITextEmbedderProperties
from actions.vectors.embedding_client import Endpoint
from tests.actions.anthropic.upstream import END, RESET, Step, Upstream, chunk, head, upstream
from tests.actions.vectors.scripted_embeddings import KEY, script_answer, script_rows


def endpoint(server: Upstream) -> Endpoint:
    return Endpoint(f"{server.url}/v1", KEY, NetworkPolicy(frozenset({server.host})), first_pause_s=0.001)


def connection(server: Upstream) -> OpenAIConnection:
    network = NetworkPolicy(frozenset({server.host}))
    return OpenAIConnection.resolve({"api_key": KEY, "base_url": f"{server.url}/v1"}, network)


async def failure(*scripts: Sequence[Step]) -> tuple[ActionError, Upstream]:
    async with upstream(*scripts) as server:
        with pytest.raises(ActionError) as caught:
            await OpenAIEmbedder(endpoint(server), "m").embed(["a prompt"])
    told = f"{caught.value.message} {caught.value.hint} {caught.value.detail}"
    assert KEY not in told
    assert "a prompt" not in told
    return caught.value, server


async def test_texts_become_rows_in_their_order() -> None:
    async with upstream(script_rows([1, 0], [0, 1], order=[1, 0])) as server:
        found = await OpenAIEmbedder(endpoint(server), "m", 64).embed(["one", "two"])
    assert found.dtype == np.float32
    assert found.tolist() == [[1, 0], [0, 1]]
    sent = server.requests[0]
    assert sent.line == "POST /v1/embeddings HTTP/1.1"
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert sent.body == {"model": "m", "input": ["one", "two"], "encoding_format": "float", "dimensions": 64}


async def test_many_texts_go_in_batches_over_one_connection() -> None:
    first, second = [[1, 0]] * 64, [[0, 1]] * 6
    async with upstream(script_rows(*first), script_rows(*second)) as server:
        found = await OpenAIEmbedder(endpoint(server), "m").embed([f"text {n}" for n in range(70)])
    assert found.shape == (70, 2)
    assert [len(request.body["input"]) for request in server.requests] == [64, 6]
    assert server.connections == 1
    assert "dimensions" not in server.requests[0].body


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_what_fails_in_passing_is_tried_again(status: int) -> None:
    async with upstream(
        script_answer({}, status, retry_after="0"), script_answer({}, status), script_rows([1, 0])
    ) as server:
        assert len(await OpenAIEmbedder(endpoint(server), "m").embed(["x"])) == 1
    assert len(server.requests) == 3


async def test_a_connection_that_breaks_off_is_tried_again() -> None:
    async with upstream([RESET], script_rows([1, 0])) as server:
        assert len(await OpenAIEmbedder(endpoint(server), "m").embed(["x"])) == 1


REFUSALS = {
    400: ("request_refused", 1),
    401: ("connection_refused", 1),
    403: ("connection_not_allowed", 1),
    404: ("model_not_found", 1),
    413: ("request_too_large", 1),
    302: ("upstream_redirected", 1),
    418: ("upstream_error", 1),
    429: ("upstream_rate_limited", 3),
    500: ("upstream_error", 3),
}


@pytest.mark.parametrize("status", REFUSALS)
async def test_a_refusal_is_told_without_the_key_or_the_text(status: int) -> None:
    quoting = script_answer({"error": {"message": f"{KEY}: a prompt"}}, status, location="http://127.0.0.1:1/")
    error, server = await failure(quoting)
    assert (error.code, len(server.requests)) == REFUSALS[status]


MALFORMED: dict[str, Any] = {
    "no list": {"data": "x"},
    "too few": {"data": []},
    "a text for a number": {"data": [{"index": 0, "embedding": ["x", "y"]}]},
    "no numbers": {"data": [{"index": 0, "embedding": []}]},
    "numbers that are none": {"data": [{"index": 0, "embedding": [1e300, 0]}]},
    "another index": {"data": [{"index": 1, "embedding": [1, 0]}]},
    "rows of two lengths": {"data": [{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [1, 2]}]},
    "a row too long": {"data": [{"index": 0, "embedding": [0] * 5000}]},
    "a list": [1],
}


@pytest.mark.parametrize("case", MALFORMED)
@pytest.mark.filterwarnings("ignore:overflow")
async def test_an_answer_that_is_none_is_refused(case: str) -> None:
    assert (await failure(script_answer(MALFORMED[case])))[0].code == "upstream_protocol_error"


async def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    endless: list[Step] = [head(200, "application/json"), *([chunk(b" " * 1024 * 1024)] * 40), END]
    error, server = await failure(endless)
    assert (error.code, len(server.requests)) == ("upstream_protocol_error", 1)


async def test_an_address_that_is_not_allowed_is_not_asked() -> None:
    async with upstream(script_rows([1, 0])) as server:
        private = Endpoint(f"{server.url}/v1", KEY, NetworkPolicy())
        with pytest.raises(ActionError) as caught:
            await OpenAIEmbedder(private, "m").embed(["x"])
    assert (caught.value.code, server.requests) == ("address_not_allowed", [])


async def test_a_test_of_the_connection_counts_the_models() -> None:
    listed = {"object": "list", "data": [{"id": "gpt"}, {"id": "text-embedding-3-small"}]}
    async with upstream(script_answer(listed)) as server:
        outcome = await connection(server).test()
    assert (outcome.ok, outcome.models, outcome.newest) == (True, 2, "text-embedding-3-small")
    async with upstream(script_answer({}, 401)) as server:
        outcome = await connection(server).test()
    assert (outcome.ok, outcome.code) == (False, "connection_refused")


async def test_the_helper_gives_the_embedder_of_its_connection() -> None:
    async with upstream(script_rows([1, 0])) as server:
        properties = OpenAITextEmbedderProperties(connection=connection(server), model="m", dimensions=32)
        embedder = OpenAITextEmbedder().provide(properties, ActionContext("r", "n", {}))
        assert (embedder.identity.kind, embedder.identity.model, embedder.identity.dimension) == ("openai", "m", 32)
        assert len(await embedder.embed(["x"])) == 1


def test_an_endpoint_shows_no_key() -> None:
    assert KEY not in repr(Endpoint("https://api.example.com/v1", KEY, NetworkPolicy()))
