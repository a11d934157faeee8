"""A Messages API that writes the time into every chunk, so that a client can compute its delay.

`python -m bench.upstream PORT PAUSE_S`. Each request is answered with `max_tokens` chunks, the first at once.
"""

import asyncio
import json
import sys
import time

RESPONSE_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
MESSAGE_START = {
    "type": "message_start",
    "message": {
        "id": "msg_bench",
        "type": "message",
        "role": "assistant",
        "model": "claude-haiku-5-5",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 1},
    },
}
BLOCK_START = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
TIME_DIGITS = 19
END_EVENTS = (
    {"type": "content_block_stop", "index": 0},
    {
        "type": "message_delta",
        "delta": {"stop_reason": "end_turn", "stop_sequence": None},
        "usage": {"output_tokens": 10},
    },
    {"type": "message_stop"},
)


def encode_frame(*events: dict[str, object]) -> bytes:
    body = b"".join(b"event: %b\ndata: %b\n\n" % (str(e["type"]).encode(), json.dumps(e).encode()) for e in events)
    return b"%x\r\n%b\r\n" % (len(body), body)


def build_delta() -> bytes:
    """Return a frame into which the time of its chunk is formatted, always with the same number of digits."""
    text = f"@{'0' * TIME_DIGITS}@"
    frame = encode_frame({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}})
    return frame.replace(b"0" * TIME_DIGITS, f"%0{TIME_DIGITS}d".encode())


BEGIN = RESPONSE_HEAD + encode_frame(MESSAGE_START, BLOCK_START)
DELTA = build_delta()
END = encode_frame(*END_EVENTS) + b"0\r\n\r\n"


class Upstream(asyncio.Protocol):
    """A client's connection. It answers one request after the other, each chunk when its time has come.

    It is a protocol with timers, without tasks: the less of its processor a chunk takes, the more streams a target can
    be asked to hold.
    """

    def __init__(self, pause_s: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._pause_s = pause_s
        self._received = b""
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, blank, body = self._received.partition(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), None)
        if not blank or length is None or len(body) < length:
            return
        self._received = body[length:]
        self._begin(int(json.loads(body[:length])["max_tokens"]))

    def connection_lost(self, error: Exception | None) -> None:
        if self._timer:
            self._timer.cancel()

    def _begin(self, chunks: int) -> None:
        self._chunks, self._written = chunks, 0
        self._began = self._loop.time()
        self._transport.write(BEGIN)
        self._write_next()

    def _write_next(self) -> None:
        """Write a chunk, and plan the next one by the clock, so that a late chunk does not delay all after it."""
        self._transport.write(DELTA % time.monotonic_ns())
        self._written += 1
        if self._written == self._chunks:
            self._transport.write(END)
        else:
            self._timer = self._loop.call_at(self._began + self._written * self._pause_s, self._write_next)


async def main(port: int, pause_s: float) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Upstream(pause_s), "127.0.0.1", port, backlog=2048)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
