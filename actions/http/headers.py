"""Which headers a call may set, by their names. Pure."""

FRAMING_HEADERS = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""They say where a call goes and where its body ends, so that the call alone may set them."""


def is_framing_header(name: str) -> bool:
    return name.strip().lower() in FRAMING_HEADERS
