"""The streams of the real API that are at hand, and one that always is."""

from pathlib import Path

from tests.actions.anthropic.upstream import STOP, block_start, block_stop, message_delta, start, text

FOLDER = Path(__file__).parents[3].parent / "shared" / "anthropic-sse"
RECORDED = sorted(FOLDER.glob("*.sse"))


def read_recording(path: Path) -> bytes:
    """Return a recording as it was sent: one of them was stored without the blank line after its last event."""
    return path.read_bytes().rstrip() + b"\n\n"


PLAIN = start() + block_start() + text("Mill ") + text("race é 👋") + block_stop() + message_delta() + STOP
ANSWERS = {"plain": PLAIN, **{path.stem: read_recording(path) for path in RECORDED}}
"""Whole answers by name."""
