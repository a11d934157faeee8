"""Every way in which a call of the Messages API fails, and what a run is told of it: scripts for the upstream."""

from tests.actions.anthropic.upstream import (
    END,
    FIN,
    HANG,
    PING,
    RESET,
    STOP,
    Pause,
    Step,
    block_start,
    block_stop,
    chunk,
    event,
    failing,
    head,
    refused,
    start,
    text,
)

BEGINNING = [head(request_id="req_1"), chunk(start() + block_start() + PING)]
DRIP: list[Step] = [item for byte in text("slow") for item in (chunk(bytes([byte])), Pause(0.01))]
PINGS: list[Step] = [item for _ in range(100) for item in (chunk(PING), Pause(0.01))]

# What the API does, the code that the run gets, and how often it is tried before any content.
BEFORE_CONTENT: dict[str, tuple[list[Step], str, int]] = {
    "400": (refused(400, "invalid_request_error"), "request_refused", 1),
    "401": (refused(401, "authentication_error"), "connection_refused", 1),
    "402": (refused(402, "billing_error"), "billing", 1),
    "403": (refused(403, "permission_error"), "connection_not_allowed", 1),
    "404 for the model": (refused(404, "not_found_error"), "model_not_found", 1),
    "404 of a web server": (
        [head(404, "text/html"), chunk(b"<h1>Not found</h1>"), END],
        "upstream_protocol_error",
        1,
    ),
    "405": (refused(405, "invalid_request_error"), "upstream_protocol_error", 1),
    "408": (refused(408, "timeout_error"), "upstream_timeout", 3),
    "409": (refused(409, "conflict_error"), "upstream_error", 3),
    "413": (refused(413, "request_too_large"), "request_too_large", 1),
    "422": (refused(422, "invalid_request_error"), "request_refused", 1),
    "429": (refused(429, "rate_limit_error"), "upstream_rate_limited", 3),
    "500": (refused(500, "api_error"), "upstream_error", 3),
    "502 of a proxy": ([head(502, "text/html"), chunk(b"<h1>Bad gateway</h1>"), END], "upstream_error", 3),
    "503": (refused(503, "api_error"), "upstream_error", 3),
    "504": (refused(504, "timeout_error"), "upstream_timeout", 3),
    "529": (refused(529, "overloaded_error"), "upstream_overloaded", 3),
    "529, not to be repeated": (
        refused(529, "overloaded_error", x_should_retry="false"),
        "upstream_overloaded",
        1,
    ),
    "400, to be repeated": (
        refused(400, "invalid_request_error", x_should_retry="true"),
        "request_refused",
        3,
    ),
    "307": ([head(307, location="http://127.0.0.1:9/v1/messages"), END], "upstream_redirected", 1),
    "error event: overloaded": (
        [*BEGINNING, chunk(failing("overloaded_error")), END],
        "upstream_overloaded",
        3,
    ),
    "error event: api_error": ([*BEGINNING, chunk(failing("api_error")), END], "upstream_error", 3),
    "error event: rate limit": (
        [*BEGINNING, chunk(failing("rate_limit_error")), END],
        "upstream_rate_limited",
        3,
    ),
    "error event: timeout": ([*BEGINNING, chunk(failing("timeout_error")), END], "upstream_timeout", 3),
    "error event: bad request": (
        [*BEGINNING, chunk(failing("invalid_request_error")), END],
        "request_refused",
        1,
    ),
    "error event: unknown": ([*BEGINNING, chunk(failing("novel_error")), END], "upstream_error", 1),
    "error event: not JSON": (
        [*BEGINNING, chunk(b"event: error\ndata: oh no\n\n"), END],
        "upstream_error",
        1,
    ),
    "no answer, FIN": ([FIN], "upstream_disconnected", 3),
    "no answer, RST": ([RESET], "upstream_disconnected", 3),
    "no answer, silence": ([HANG], "upstream_stalled", 2),
    "FIN in mid-body": ([*BEGINNING, FIN], "upstream_disconnected", 3),
    "RST": ([*BEGINNING, RESET], "upstream_disconnected", 3),
    "silence": ([*BEGINNING, HANG], "upstream_stalled", 2),
    "pings only": ([*BEGINNING, *PINGS], "upstream_stalled", 2),
    "one byte at a time": ([*BEGINNING, *DRIP], "upstream_stalled", 2),
    "a clean end without message_stop": ([*BEGINNING, END], "upstream_truncated", 3),
    "a clean end at once": ([head(), END], "upstream_truncated", 3),
    "message_stop without a reason": (
        [*BEGINNING, chunk(block_stop() + STOP), END],
        "upstream_protocol_error",
        2,
    ),
    "bad JSON": (
        [*BEGINNING, chunk(b"event: content_block_delta\ndata: {oh\n\n"), END],
        "upstream_protocol_error",
        2,
    ),
    "bad UTF-8": ([*BEGINNING, chunk(b'event: ping\ndata: "\xff"\n\n'), END], "upstream_protocol_error", 2),
    "not an object": (
        [head(), chunk(b"event: message_start\ndata: 5\n\n"), END],
        "upstream_protocol_error",
        2,
    ),
    "an event without its fields": (
        [*BEGINNING, chunk(event("content_block_delta")), END],
        "upstream_protocol_error",
        2,
    ),
    "a delta for no block": ([*BEGINNING, chunk(text("x", 7)), END], "upstream_protocol_error", 2),
    "a block that begins twice": ([*BEGINNING, chunk(block_start()), END], "upstream_protocol_error", 2),
    "a page": ([head(200, "text/html"), chunk(b"<h1>Welcome</h1>"), END], "upstream_protocol_error", 1),
    "a JSON answer": ([head(200, "application/json"), chunk(b"{}"), END], "upstream_protocol_error", 1),
    "compressed": ([head(content_encoding="gzip"), HANG], "upstream_protocol_error", 1),
}

AFTER_CONTENT: dict[str, tuple[list[Step], str]] = {
    "error event: overloaded": ([chunk(failing("overloaded_error")), END], "upstream_overloaded"),
    "error event: api_error": ([chunk(failing("api_error")), END], "upstream_error"),
    "FIN in mid-body": ([FIN], "upstream_disconnected"),
    "FIN in mid-event": ([chunk(text("lost")[:-20]), FIN], "upstream_disconnected"),
    "RST": ([RESET], "upstream_disconnected"),
    "silence": ([HANG], "upstream_stalled"),
    "pings only": (PINGS, "upstream_stalled"),
    "a clean end without message_stop": ([END], "upstream_truncated"),
    "a clean end in mid-event": ([chunk(text("lost")[:-20]), END], "upstream_truncated"),
    "bad JSON": ([chunk(b"event: content_block_delta\ndata: {oh\n\n"), END], "upstream_protocol_error"),
}
