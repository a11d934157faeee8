"""What a process tells of its commit is what was stored, byte for byte, or nothing but that there is something."""

from uuid import uuid4

from flows.log.frames import MAX_BATCH_BYTES, Entry, Frame
from flows.log.told_frames import ASK_THE_DATABASE, build_told, read_frames, write_frames

FRAMES = [
    Frame(1, "run.started", b'{"type":"run.started","seq":1}'),
    Frame(2, "item", '{"type":"item","seq":2,"value":"Wehr \u2013 堰"}'.encode()),
    Frame(2**31 - 1, "item", b"{}"),
]


def test_events_are_read_as_they_were_written() -> None:
    assert read_frames(write_frames(FRAMES)) == FRAMES
    assert read_frames(write_frames(FRAMES[:1])) == FRAMES[:1]


def test_what_was_written_one_after_the_other_is_read_as_one() -> None:
    assert read_frames(write_frames(FRAMES[:1]) + write_frames(FRAMES[1:])) == FRAMES


def test_each_run_of_a_batch_has_its_own_events_in_their_order() -> None:
    one, two = uuid4(), uuid4()
    batch: list[Entry] = [(one, FRAMES[0], None), (two, FRAMES[0], None), (one, FRAMES[1], None)]
    told = build_told(batch)
    assert {run_id: read_frames(said) for run_id, said in told.items()} == {one: FRAMES[:2], two: FRAMES[:1]}


def test_what_is_more_than_a_reader_is_given_at_once_is_left_to_the_database() -> None:
    large = Frame(1, "item", b"x" * MAX_BATCH_BYTES)
    assert write_frames([large]) == ASK_THE_DATABASE
    assert write_frames([large._replace(data=large.data[:-20])]) != ASK_THE_DATABASE
