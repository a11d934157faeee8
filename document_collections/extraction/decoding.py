"""Finds out how the letters of a text file are encoded. What cannot be told is refused, never read as other letters."""

import codecs
import re
from collections import Counter
from dataclasses import dataclass

import chardet

from actions.contract.errors import ActionError
from document_collections.extraction.extracted import ExtractionWarning

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SAMPLE_BYTES = 200_000
ISO_2022 = re.compile(rb"\x1b[$(]")
SHIFTED = re.compile(rb"\x1b\$[)*+]")
"""Says which letters follow a shift, in the ISO 2022 of Korea and China: what lies between is no ASCII."""
NOT_ASCII = re.compile(rb"[\x80-\xff]")
DETECTABLE = (
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("iso8859-2", "iso8859-5", "iso8859-7", "iso8859-15", "koi8-r", "koi8-u", "cp866", "cp850", "cp852", "mac-roman"),
    *(
        "mac-cyrillic",
        "shift_jis",
        "cp932",
        "euc-jp",
        "iso2022_jp_2",
        "iso2022_kr",
        "gb18030",
        "big5",
        "big5hkscs",
        "euc-kr",
        "cp949",
    ),
    *("hz", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
)
NO_MATCH = "cp037"
"""The answer of the detector when nothing fits: an encoding of mainframes, which is not among those to detect."""
SUPERSETS = {"shift_jis": "cp932", "euc-kr": "cp949", "gb2312": "gb18030", "big5": "big5hkscs", "iso8859-1": "cp1252"}
NAMES = {"cp932": "Shift_JIS", "cp949": "EUC-KR", "gb18030": "GB18030", "big5": "Big5", "big5hkscs": "Big5"}
"""What a person calls an encoding."""
MIN_CONFIDENCE = 0.015
FEW_BYTES = 6
"""With fewer bytes beyond ASCII an encoding is taken only when no other one comes near."""
NEAR_SHARE = 0.3
"""Another encoding comes near with this share of the confidence."""
SINGLE_BYTE = re.compile("cp125|cp8|iso8859|koi8|mac")
"""Encodings with a byte for a letter, where each byte beyond ASCII stands for something."""
MIN_OPPOSING_BYTES = 12
MIN_OPPOSING_CONFIDENCE = 0.15
MAX_OPPOSED_SHARE = 0.6
"""A declared encoding is overruled where bytes enough fit another one so well, and its own with at most this share."""
DECLARATION = re.compile(rb"(?i)(charset|coding)(?=\s*[=:])")
"""What the detector believes before it looks at the letters. A text may only speak of it."""
TAG = re.compile(rb"<[^<>]*>")
MIN_COUNTED_BYTES = 40
MIN_LETTER_REPEATS = 0.025
"""The least share of pairs of letters that are the same: 0.033 and more in texts, 0.008 to 0.016 in random bytes."""
MAX_DAMAGED_SHARE = 0.2
"""The most of the letters beyond ASCII that may be damaged in a text of a known encoding."""
MAX_DAMAGED_UTF_8_SHARE = 0.5
"""More, because letters of another encoding are hardly ever UTF-8 by accident."""
MAX_CONTROL_SHARE = 0.02
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
# Western letters stand among ASCII letters, and signs between words; in a text of another encoding they do not.
WESTERN_LETTERS = "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßŒ"
WESTERN = re.compile(
    rf"(?>[\x00-\x7f\xa0]|(?<![^\W\d_])[‘“„«¿¡–—•…€£§©®±·½¼¾×]|[’”»™–—…](?![A-Za-z])|(?<=[A-Za-z])’(?=[a-zéèêà])"  # noqa: RUF001 (these are the letters)
    rf"|(?<=[0-9m])[²³°ºª]|(?<= )[àÀ°](?= )|(?<=[A-Za-z’])[{WESTERN_LETTERS}]|[{WESTERN_LETTERS}](?=[A-Za-z]))*+"  # noqa: RUF001 (these are the letters)
)


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A text, and what to tell about how it was read."""

    text: str
    warnings: list[ExtractionWarning]


def decode_text(content: bytes, declared: str | None = None) -> DecodedText:
    """Decode by the byte order mark, else as UTF-8, else as the file declares, else by what its bytes look like.

    Single damaged letters become U+FFFD, and are told. Raises ActionError `not_text` or `encoding_unknown`.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        # The mark of UTF-32 begins as that of UTF-16 does.
        if content.startswith(mark) and (len(content) % 4 == 0 or not encoding.startswith("utf-32")):
            return _replace_damage(content[len(mark) :], encoding)
    zeros = content.count(b"\x00")
    if 0 < zeros <= MAX_CONTROL_SHARE / 2 * len(content):
        rest = decode_text(content.replace(b"\x00", b""), declared)
        return DecodedText(rest.text, [*rest.warnings, _build_damage_warning(zeros)])
    decoded = _decode_utf_8(content) or _decode_declared(content, declared) or _decode_damaged_utf_8(content)
    return decoded or _decode_detected(content)


def _is_seven_bit(content: bytes) -> bool:
    """Return whether ASCII bytes are text of East Asia, in ISO 2022 or HZ."""
    begin = content.find(b"~{")
    return ISO_2022.search(content) is not None or (begin >= 0 and content.find(b"~}", begin + 2) >= 0)


def _decode_utf_8(content: bytes) -> DecodedText | None:
    """Return the text when all of it is UTF-8: no text of another encoding is that by accident."""
    if b"\x00" in content or (content.isascii() and _is_seven_bit(content)):
        return None
    try:
        return DecodedText(content.decode(), [])
    except UnicodeDecodeError:
        return None


def _decode_declared(content: bytes, declared: str | None) -> DecodedText | None:
    if declared is None or b"\x00" in content:
        return None
    try:
        text = content.decode(declared, "replace")
    except LookupError:  # a codec that makes bytes of bytes
        return None
    letters = len(text) - sum(map(str.isascii, text))
    if text.count("\ufffd") > MAX_DAMAGED_SHARE * letters:
        return None
    other = _find_opposing(content, declared)
    return _read_guessed(content, other) if other else _replace_damage(content, declared)


def _find_opposing(content: bytes, declared: str) -> str | None:
    """Return the encoding that the letters clearly have, where the page declares another one, or None.

    Words far from letters beyond ASCII may be of another language, and do not speak. What the declared one has no
    letters for is left out, so that damage alone speaks for no other one.
    """
    words = TAG.sub(b" ", _take_sample(content)).split()
    neighbours = zip([b"", *words], words, [*words[1:], b""], strict=False)
    phrases = b" ".join(three[1] for three in neighbours if not b"".join(three).isascii())
    sample = phrases.decode(declared, "ignore").encode(declared, "ignore")
    if len(NOT_ASCII.findall(sample)) < MIN_OPPOSING_BYTES or not _is_detectable(declared):
        return None
    readings = _detect(sample)
    if not readings or readings[0][0] < MIN_OPPOSING_CONFIDENCE:
        return None
    believed = _decode(sample, declared)
    own = max((confidence for confidence, _, text in readings if text == believed), default=0.0)
    confidence, encoding, _ = readings[0]
    is_clear = own <= MAX_OPPOSED_SHARE * confidence and not _is_random(sample, encoding)
    return encoding if is_clear and _decode(content, SUPERSETS.get(encoding, encoding)) is not None else None


def _is_detectable(encoding: str) -> bool:
    return codecs.lookup(encoding).name in {codecs.lookup(each).name for each in DETECTABLE}


def _decode_damaged_utf_8(content: bytes) -> DecodedText | None:
    text = _join_surrogates(content)
    damaged = text.count("\ufffd")
    letters = len(text) - sum(map(str.isascii, text)) - damaged
    if b"\x00" in content or content.isascii() or damaged > MAX_DAMAGED_UTF_8_SHARE * letters:
        return None
    return DecodedText(text, [_build_damage_warning(damaged)] if damaged else [])


def _join_surrogates(content: bytes) -> str:
    """Decode UTF-8; a letter that was written as two surrogates, as some databases do, becomes one again."""
    try:
        text = content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return content.decode("utf-8", "replace")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _decode_detected(content: bytes) -> DecodedText:
    """Decode by what the bytes look like. Raises ActionError when they look like nothing, or like several."""
    sample = _take_sample(content)
    is_little = len(NOT_ASCII.findall(sample)) < FEW_BYTES and not content.isascii()
    western = None if content.isascii() or b"\x00" in content else _decode(content, "cp1252")
    if western and WESTERN.fullmatch(western) and (is_little or not any(map(_is_foreign_letter, western))):
        return _read_guessed(content, "cp1252")
    readings = _detect(sample)
    if readings:
        near = {text for confidence, _, text in readings if confidence >= NEAR_SHARE * readings[0][0]}
        if (len(near) == 1 or not is_little) and not _is_random(sample, readings[0][1]):
            return _read_guessed(content, readings[0][1])
    if content.isascii() and b"\x00" not in content and not SHIFTED.search(content):
        return DecodedText(content.decode(), [])  # what looked like marks of ISO 2022 or HZ was something else
    if _count_controls(content.decode("latin-1")) > MAX_CONTROL_SHARE:
        raise _build_not_text()
    message = "The file does not say how its letters are encoded, and they fit several encodings or none."
    raise ActionError("encoding_unknown", message, "Save it as text in UTF-8 and upload it again.")


def _detect(sample: bytes) -> list[tuple[float, str, str]]:
    """Return what the letters look like, the likeliest first: confidence, encoding and text."""
    hidden = DECLARATION.sub(b"name", sample)
    found = chardet.detect_all(hidden, compat_names=False, include_encodings=DETECTABLE, no_match_encoding=NO_MATCH)
    readings = [(item["confidence"], item["encoding"] or NO_MATCH) for item in found]
    texts = [_decode(sample, encoding) for _, encoding in readings]
    return [
        (confidence, encoding, text)
        for (confidence, encoding), text in zip(readings, texts, strict=True)
        if text is not None and confidence >= MIN_CONFIDENCE
    ]


def _is_foreign_letter(char: str) -> bool:
    return char.isalpha() and not char.isascii()


def _is_random(sample: bytes, encoding: str) -> bool:
    """Return whether all letters beyond ASCII are about equally frequent, as they are in no language."""
    counts = Counter(NOT_ASCII.findall(sample)).values()
    letters = sum(counts)
    if letters < MIN_COUNTED_BYTES or not SINGLE_BYTE.match(encoding.replace("-", "")):
        return False
    return sum(count * (count - 1) for count in counts) < MIN_LETTER_REPEATS * letters * (letters - 1)


def _read_guessed(content: bytes, encoding: str) -> DecodedText:
    if _decode(content, encoding) is None:
        encoding = SUPERSETS.get(encoding, encoding)
    decoded = _replace_damage(content, encoding)
    name = NAMES.get(encoding, encoding.replace("cp125", "windows-125"))
    message = f"Read as {name}, because its letters look like that. If they are wrong, save the file in UTF-8."
    return DecodedText(decoded.text, [ExtractionWarning("encoding_guessed", message), *decoded.warnings])


def _take_sample(content: bytes) -> bytes:
    """Return the lines with bytes beyond ASCII, when the file is long: a detector reads only its beginning."""
    if len(content) <= SAMPLE_BYTES or content.isascii() or b"\x00" in content[:SAMPLE_BYTES]:
        return content[:SAMPLE_BYTES]
    return b"\n".join(line for line in content.split(b"\n") if not line.isascii())[:SAMPLE_BYTES]


def _decode(content: bytes, encoding: str) -> str | None:
    """Return the text, or None when the bytes are not of this encoding. A letter that is cut at the end is left out."""
    if encoding == NO_MATCH:
        return None
    try:
        return codecs.getincrementaldecoder(encoding)().decode(content)
    except (UnicodeError, LookupError):
        return None


def _replace_damage(content: bytes, encoding: str) -> DecodedText:
    """Decode, with U+FFFD in place of what is damaged. Raises ActionError when hardly anything is text."""
    text = content.decode(encoding, "replace")
    if _count_controls(text) > MAX_CONTROL_SHARE and text.count("\ufffd") * 2 > len(text) - text.count("\ufffd"):
        raise _build_not_text()
    if _count_controls(text.replace("\ufffd", "")) > MAX_CONTROL_SHARE:
        raise _build_not_text()
    damaged = text.count("\ufffd") - ("\ufffd".encode(encoding, "ignore") in content if "utf" in encoding else 0)
    return DecodedText(text, [_build_damage_warning(damaged)] if damaged > 0 else [])


def _count_controls(text: str) -> float:
    """Return the share of characters that no text holds."""
    return len(CONTROLS.findall(text)) / max(1, len(text))


def _build_damage_warning(count: int) -> ExtractionWarning:
    things = "One character is" if count == 1 else f"{count:,} characters are"
    return ExtractionWarning("damaged_characters", f"{things} damaged, and replaced or left out.")


def _build_not_text() -> ActionError:
    return ActionError("not_text", "The file is not a text.", "Save it as text in UTF-8.")
