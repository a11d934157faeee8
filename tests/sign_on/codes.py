"""Computes the codes of an authenticator app, by RFC 6238 and without the product's code."""

import base64
import hashlib
import hmac
import struct
import time

PERIOD_S = 30


def compute_code(secret: str, *, steps: int = 0) -> str:
    """Return the code of now, or that of some periods of 30 seconds later."""
    counter = struct.pack(">Q", int(time.time()) // PERIOD_S + steps)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
