"""Which pictures a page takes as its logo, judged by what they are and not by their names. Pure."""

MAX_IMAGE_BYTES = 256 * 1024
SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", b"IHDR", 12, "image/png"),
    (b"\xff\xd8\xff", b"", 0, "image/jpeg"),
    (b"RIFF", b"WEBP", 8, "image/webp"),
)
"""How a file of each type begins: the first bytes, then others at a place, and the type."""


def find_media_type(content: bytes) -> str | None:
    """Return the type of a PNG, JPEG or WebP image; None for anything else, such as SVG, which can hold scripts."""
    for start, mark, place, media_type in SIGNATURES:
        if content.startswith(start) and content[place : place + len(mark)] == mark:
            return media_type
    return None
