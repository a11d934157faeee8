"""Voyage embeddings over a real socket: what is sent for a document and for a query."""

from actions.network.policy import NetworkPolicy
from actions.voyage.connection import MODELS, VoyageConnection
from tests.actions.anthropic.upstream import Upstream, upstream
from tests.actions.vectors.scripted_embeddings import KEY, script_answer, script_rows


def connection(server: Upstream) -> VoyageConnection:
    network = NetworkPolicy(frozenset({server.host}))
    return VoyageConnection.resolve({"api_key": KEY, "base_url": f"{server.url}/v1"}, network)


async def test_a_document_and_a_query_are_embedded_as_such() -> None:
    async with upstream(script_rows([1, 0])) as server:
        embedder = connection(server).build_embedder("voyage-3.5", 512)
        await embedder.embed(["x"])
        await embedder.embed(["x"], "query")
    bodies = [request.body for request in server.requests]
    common = {"model": "voyage-3.5", "input": ["x"], "output_dimension": 512}
    assert bodies == [{**common, "input_type": "document"}, {**common, "input_type": "query"}]
    assert (embedder.identity.kind, embedder.identity.model) == ("voyage", "voyage-3.5")


async def test_a_test_of_the_connection_tells_a_refused_key() -> None:
    async with upstream(script_answer({}, 401), script_rows([1, 0])) as server:
        refused = await connection(server).test()
        accepted = await connection(server).test()
    assert (refused.ok, refused.code, accepted.ok) == (False, "connection_refused", True)


async def test_the_models_are_suggested() -> None:
    async with upstream() as server:
        assert [model.id for model in await connection(server).list_models()] == list(MODELS)
