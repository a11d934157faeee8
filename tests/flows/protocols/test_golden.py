"""Each protocol writes the golden runs as it always has, however the log is cut into reads."""

import json

import pytest

from flows.log.frames import Frame
from flows.protocols.anthropic_messages.encode import build_whole_message
from flows.protocols.encoder import YieldedPiece, read_piece
from flows.protocols.openai_chat.encode import ChatCompletionChunks, build_completion
from flows.protocols.openai_responses.encode import build_response, build_whole_response
from tests.flows.protocols.golden import ENCODERS, GOLDEN_FOLDER, RUNS, read_frames

CASES = [(run, protocol) for run in RUNS for protocol in ENCODERS]


@pytest.mark.parametrize(("run", "protocol"), CASES)
def test_a_golden_run_is_written_as_its_golden_answer(run: str, protocol: str) -> None:
    golden = (GOLDEN_FOLDER / f"{run}.{protocol}.sse").read_bytes()
    assert ENCODERS[protocol]().encode(read_frames(run)) == golden


@pytest.mark.parametrize(("run", "protocol"), CASES)
def test_the_bytes_do_not_depend_on_how_many_frames_are_read_at_once(run: str, protocol: str) -> None:
    one_by_one = ENCODERS[protocol]()
    written = b"".join(one_by_one.encode([frame]) for frame in read_frames(run))
    assert written == (GOLDEN_FOLDER / f"{run}.{protocol}.sse").read_bytes()


def test_a_whole_message_has_the_blocks_of_its_events() -> None:
    *_, end = frames = read_frames("cited")
    pieces = [read_piece(frame) for frame in frames if frame.type == "item"]
    message = build_whole_message("mill", "r", [*pieces, YieldedPiece(" More.", ())], json.loads(end.data))
    assert [block["text"] for block in message["content"]] == ["See there.", " More."]
    assert message["content"][0]["citations"][0]["url"] == "https://e.test"
    assert "citations" not in message["content"][1]


def test_whole_answers_have_the_kinds_of_their_streams() -> None:
    *frames, last = read_frames("kinds")
    pieces, end = [read_piece(frame) for frame in frames if frame.type == "item"], json.loads(last.data)
    at = "2026-01-01T00:00:00Z"
    completion = build_completion("mill", "r", at, pieces, end)["choices"][0]["message"]
    message = build_whole_message("mill", "r", pieces, end)
    response = build_whole_response(build_response("mill", None, "r", at), pieces, end)
    streamed = ENCODERS["openai_responses"]().encode([*frames, last]).decode().strip().split("\n\n")
    assert (completion["content"], completion["reasoning_content"]) == ("A mill.", "Hm. So.Done.")
    assert [block["type"] for block in message["content"]] == ["thinking", "text", "thinking"]
    assert response == json.loads(streamed[-1].partition("data: ")[2])["response"]


class CountedChunks(ChatCompletionChunks):
    """Counts what is encoded."""

    encoded = 0

    @staticmethod
    def encode_frame(state, frame):  # type: ignore[no-untyped-def]  # as in the class above it
        CountedChunks.encoded += 1
        return ChatCompletionChunks.encode_frame(state, frame)


def test_readers_of_one_run_share_what_was_encoded() -> None:
    frames = read_frames("cited")
    readers = [CountedChunks("mill") for _ in range(10)]
    answers = [b"" for _ in readers]
    for frame in frames:
        for at, reader in enumerate(readers):
            answers[at] += reader.encode([frame])
    assert CountedChunks.encoded == len(frames)
    assert set(answers) == {ChatCompletionChunks("mill").encode(frames)}


def test_readers_that_asked_for_something_else_share_nothing() -> None:
    frames = read_frames("cited")
    with_usage, without = ChatCompletionChunks("mill", includes_usage=True), ChatCompletionChunks("mill")
    assert b'"usage"' in with_usage.encode(frames)
    assert b'"usage"' not in without.encode(frames)


def test_the_same_frames_of_another_run_are_encoded_anew() -> None:
    start, item, *_ = read_frames("streamed")
    other_start = Frame(start.seq, start.type, json.dumps({**json.loads(start.data), "run": "another"}).encode())
    first, second = ChatCompletionChunks("mill"), ChatCompletionChunks("mill")
    first.encode([start])
    second.encode([other_start])
    assert b"chatcmpl-r" in first.encode([item])
    assert b"chatcmpl-another" in second.encode([item])
