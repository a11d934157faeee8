"""A Messages API that writes the time into every chunk, so that a client can compute its delay.

`python -m bench.upstream PORT PAUSE_S`. Each request is answered with `metadata.user_id` chunks, the first at once.
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


def encode_delta() -> bytes:
    text = f"@{time.monotonic_ns()}@"
    return encode_frame({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}})


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pause_s: float) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            request = json.loads(await reader.readexactly(length))
            await stream(writer, int(request["max_tokens"]), pause_s)
    except (asyncio.IncompleteReadError, ConnectionError):
        return
    finally:
        writer.close()


async def stream(writer: asyncio.StreamWriter, chunks: int, pause_s: float) -> None:
    loop = asyncio.get_running_loop()
    writer.write(RESPONSE_HEAD + encode_frame(MESSAGE_START, BLOCK_START) + encode_delta())
    began = loop.time()
    for index in range(1, chunks):
        # Paced by the clock, so that one late wake-up does not delay all later chunks.
        await asyncio.sleep(max(0.0, began + index * pause_s - loop.time()))
        writer.write(encode_delta())
    writer.write(encode_frame(*END_EVENTS) + b"0\r\n\r\n")
    await writer.drain()


async def main(port: int, pause_s: float) -> None:
    server = await asyncio.start_server(lambda r, w: answer(r, w, pause_s), "127.0.0.1", port, backlog=2048)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
