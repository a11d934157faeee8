"""An answer that is not whole, and can say so only by the way in which its connection ends."""


class CutShort(Exception):
    """Raised by a streamed answer that is not whole: the server closes its connection before the answer's end."""
