"""What a process tells others of its commit: the events themselves, as they were stored, in bytes. Pure."""

from collections.abc import Iterable
from struct import Struct
from uuid import UUID

from flows.log.frames import MAX_BATCH_BYTES, Entry, Frame

HEAD = Struct(">IBI")
"""Of one event: its seq, the length of its type, and that of its data."""
ASK_THE_DATABASE = b""
"""What is told of a run in place of more bytes than a reader is given at once."""


def build_told(batch: Iterable[Entry]) -> dict[UUID, bytes]:
    """Return what is to be told of each run of a batch that was stored."""
    told: dict[UUID, list[Frame]] = {}
    for run_id, frame, _ in batch:
        told.setdefault(run_id, []).append(frame)
    return {run_id: write_frames(frames) for run_id, frames in told.items()}


def write_frames(frames: Iterable[Frame]) -> bytes:
    pieces: list[bytes] = []
    for seq, type, data in frames:
        name = type.encode()
        pieces += (HEAD.pack(seq, len(name), len(data)), name, data)
    told = b"".join(pieces)
    return told if len(told) <= MAX_BATCH_BYTES else ASK_THE_DATABASE


def read_frames(told: bytes) -> list[Frame]:
    """Return the events that were told of a run, in order."""
    frames, start = [], 0
    while start < len(told):
        seq, type_length, data_length = HEAD.unpack_from(told, start)
        type_end = start + HEAD.size + type_length
        start = type_end + data_length
        frames.append(Frame(seq, told[type_end - type_length : type_end].decode(), told[type_end:start]))
    return frames
