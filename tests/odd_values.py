"""JSON texts on which parsers differ, and what a flow makes of each: one corpus for every source of a value."""

import json
from typing import Any

REPLACEMENT = "\ufffd"

CARRIED: dict[str, tuple[str, Any]] = {
    "the largest number of 64 bits": ("9223372036854775807", 2**63 - 1),
    "the smallest number of 64 bits": ("-9223372036854775808", -(2**63)),
    "a number that a browser rounds": ("9007199254740993", 2**53 + 1),
    "the largest fraction": ("1.7976931348623157e308", 1.7976931348623157e308),
    "the smallest fraction": ("5e-324", 5e-324),
    "minus zero": ("-0.0", -0.0),
    "a fraction that rounds to zero": ("1e-400", 0.0),
    "half of a pair": ('"a\\ud83d"', f"a{REPLACEMENT}"),
    "the other half of a pair": ('"\\ude00b"', f"{REPLACEMENT}b"),
    "the halves in the wrong order": ('"\\ude00\\ud83d"', REPLACEMENT * 2),
    "a pair": ('"\\ud83d\\ude00"', "😀"),
    "half of a pair in a key": ('{"\\ud800": 1}', {REPLACEMENT: 1}),
    "half of a pair deep within": ('[{"a": ["\\udfff"]}]', [{"a": [REPLACEMENT]}]),
    "NUL": ('"a\\u0000b"', f"a{REPLACEMENT}b"),
    "NUL in a key": ('{"\\u0000": 1}', {REPLACEMENT: 1}),
    "characters that are none": ('"\\ufffe\\uffff"', "\ufffe\uffff"),
    "line ends of Unicode": ('"\\u2028\\u2029\\u0085"', "\u2028\u2029\u0085"),
    "a byte order mark": ('"\\ufeff"', "\ufeff"),
    "a text that turns round": ('"\\u202eabc"', "\u202eabc"),
    "control characters": ('"\\u0001\\u001f\\u007f"', "\x01\x1f\x7f"),
    "a key of the browser's": ('{"__proto__": {"a": 1}}', {"__proto__": {"a": 1}}),
    "an empty key": ('{"": 0}', {"": 0}),
    "equal keys": ('{"a": 1, "a": 2}', {"a": 2}),
    "the deepest nesting": ("[" * 100 + "]" * 100, json.loads("[" * 100 + "]" * 100)),
}
"""By what is odd: the text, and the value that it becomes."""

REFUSED: dict[str, str] = {
    "not a number": "NaN",
    "infinity": "[Infinity]",
    "minus infinity": '{"a": -Infinity}',
    "a fraction too large": "1e400",
    "a negative fraction too large": "[-1e400]",
    "ten to the thirtieth": "1" + "0" * 30,
    "a number beyond 64 bits": "9223372036854775808",
    "a negative number beyond 64 bits": "-9223372036854775809",
    "a number of 5,000 digits": "9" * 5_000,
    "a level too deep": "[" * 101 + "]" * 101,
    "a hundred thousand levels": "[" * 100_000,
    "keys that become equal": '{"\\ud800": 1, "\\udfff": 2}',
    "two values": "1 2",
    "a comma too many": "[1,]",
    "single quotes": "{'a': 1}",
}
"""By what is odd: the text, of which no value is made."""


def parse_strictly(text: bytes) -> Any:
    """Return the value of JSON as the strictest reader does; raises ValueError for what only some readers take."""

    def refuse(name: str) -> Any:
        raise ValueError(f"{name} is no JSON")

    value = json.loads(text.decode(), parse_constant=refuse)
    json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    return value
