"""What whoever watches a run hears of its calls: when one begins, its first content, and how it ends, each once."""

from collections.abc import Iterator

import pytest

from actions.anthropic.stream.message_stream import open_stream
from actions.anthropic.stream.parts import MessageStart
from actions.contract.errors import ActionError
from actions.contract.model_calls import CallOutcome, ModelCall, call_watcher, failed_calls
from actions.network.policy import NetworkPolicy
from actions.openai.embedder import OpenAIEmbedder
from actions.vectors.embedding_client import Endpoint
from tests.actions.anthropic.conftest import QUICK, Connect
from tests.actions.anthropic.upstream import HANG, begun, refused, streamed, upstream
from tests.actions.vectors.scripted_embeddings import KEY, script_answer, script_rows

REQUEST = {"model": "claude-opus-4-6", "max_tokens": 100, "messages": [{"role": "user", "content": "Hi"}]}
OVERLOADED = refused(529, "overloaded_error")


class Notes:
    """Watches all calls of a test, and each of them."""

    def __init__(self) -> None:
        self.begun: list[ModelCall] = []
        self.contents = 0
        self.ended: list[tuple[CallOutcome, str | None]] = []

    def begin(self, call: ModelCall) -> "Notes":
        self.begun.append(call)
        return self

    def note_content(self) -> None:
        self.contents += 1

    def end(self, outcome: CallOutcome, error_code: str | None) -> None:
        self.ended.append((outcome, error_code))


@pytest.fixture
def notes() -> Iterator[Notes]:
    watcher = Notes()
    token = call_watcher.set(watcher)
    yield watcher
    call_watcher.reset(token)


async def test_a_whole_answer_is_told_with_its_counts(connect: Connect, notes: Notes) -> None:
    async with (
        upstream(streamed("Hello", " there")) as server,
        open_stream(connect(server.url), REQUEST, timing=QUICK) as stream,
    ):
        assert notes.begun == [ModelCall("chat", "anthropic", "claude-opus-4-6", server.url)]
        assert not notes.ended
        parts = [part async for part in stream]
    assert (len(parts) > 2, notes.contents) == (True, 1)
    ((outcome, code),) = notes.ended
    assert code is None
    assert (outcome.response_id, outcome.response_model, outcome.finish_reason) == (
        "msg_1",
        "claude-opus-4-6",
        "end_turn",
    )
    assert (outcome.input_tokens, outcome.cache_read_tokens, outcome.cache_write_tokens) == (25, 0, 0)
    assert outcome.output_tokens


async def test_tries_are_one_call_and_each_failure_counts(connect: Connect, notes: Notes) -> None:
    before = failed_calls["chat", "upstream_overloaded"]
    async with (
        upstream(OVERLOADED, OVERLOADED, streamed("Hello")) as server,
        open_stream(connect(server.url), REQUEST, timing=QUICK) as stream,
    ):
        assert [part async for part in stream]
    assert (len(notes.begun), notes.contents, [code for _, code in notes.ended]) == (1, 1, [None])
    assert failed_calls["chat", "upstream_overloaded"] == before + 2


async def test_a_failure_is_told_by_its_code(connect: Connect, notes: Notes) -> None:
    before = failed_calls["chat", "connection_refused"]
    async with upstream(refused(401, "authentication_error")) as server:
        with pytest.raises(ActionError):
            async with open_stream(connect(server.url), REQUEST, timing=QUICK) as stream:
                assert [part async for part in stream]
    assert notes.ended == [(CallOutcome(), "connection_refused")]
    assert notes.contents == 0
    assert failed_calls["chat", "connection_refused"] == before + 1


async def test_a_call_that_is_left_has_not_failed(connect: Connect, notes: Notes) -> None:
    async with (
        upstream([*begun("one"), HANG]) as server,
        open_stream(connect(server.url), REQUEST, timing=QUICK) as stream,
    ):
        assert isinstance(await anext(aiter(stream)), MessageStart)
    ((outcome, code),) = notes.ended
    assert (outcome.response_id, outcome.finish_reason, code) == ("msg_1", None, None)


async def test_a_call_of_an_embedding_model_is_told_too(notes: Notes) -> None:
    async with upstream(script_rows([1, 0]), script_answer({}, 401)) as server:
        policy = NetworkPolicy(frozenset({server.host}))
        embedder = OpenAIEmbedder(Endpoint(f"{server.url}/v1", KEY, policy), "m")
        await embedder.embed(["x"])
        with pytest.raises(ActionError):
            await embedder.embed(["x"])
        assert notes.begun == [ModelCall("embeddings", "openai", "m", f"{server.url}/v1")] * 2
    assert [code for _, code in notes.ended] == [None, "connection_refused"]
