"""The letters of a file are read right, or the file is refused: they are never read as other letters."""

import string
from pathlib import Path
from random import Random

import pytest

from actions.contract.errors import ActionError
from document_collections.extraction.declared_encoding import find_declared_encoding
from document_collections.extraction.decoding import decode_text

CORPUS = Path(__file__).parents[1] / "corpus" / "languages"
TEXTS = {path.stem: path.read_text() for path in sorted(CORPUS.iterdir())}
ENCODINGS = {
    "ja": ["shift_jis", "cp932", "euc_jp", "iso2022_jp"],
    "zh-hans": ["gb18030", "gb2312", "hz"],
    "zh-hant": ["big5", "gb18030"],
    "ko": ["euc_kr", "cp949"],
    "ru": ["cp1251", "koi8_r", "iso8859_5", "cp866", "mac_cyrillic"],
    "uk": ["cp1251", "koi8_u"],
    "bg": ["cp1251"],
    "de": ["cp1252", "mac_roman", "cp850"],
    "fr": ["cp1252"],
    "es": ["cp1252", "mac_roman"],
    "pt": ["cp1252"],
    "sv": ["cp1252"],
    "pl": ["cp1250", "iso8859_2"],
    "cs": ["cp1250", "iso8859_2"],
    "hu": ["cp1250", "iso8859_2"],
    "tr": ["cp1254"],
    "el": ["cp1253", "iso8859_7"],
    "he": ["cp1255"],
    "ar": ["cp1256"],
    "th": ["tis_620", "cp874"],
    "en": ["cp1252"],
    "vi": [],
}
UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-32-le", "utf-32-be"]
# What the detector tells apart from its neighbours; of the others a text may be refused.
FOUND = ["shift_jis", "euc_jp", "iso2022_jp", "gb18030", "big5", "euc_kr", "cp1250", "cp1251", "cp1252", "koi8_r"]
CASES = [(language, encoding) for language in TEXTS for encoding in ENCODINGS[language] + UNICODE]


def encode(text: str, encoding: str) -> tuple[str, bytes]:
    """Return the text without what the encoding has not, and its bytes."""
    written = text.encode(encoding, "ignore")
    return text.encode(encoding, "ignore").decode(encoding), written


@pytest.mark.parametrize(("language", "encoding"), CASES)
def test_a_text_is_read_right_or_refused_and_a_long_one_is_read(language: str, encoding: str) -> None:
    for size in (12, 30, 60, 1000):
        text, written = encode((TEXTS[language] * 20)[:size], encoding)
        try:
            assert decode_text(written).text == text
        except ActionError as error:
            assert error.code == "encoding_unknown"
            assert encoding not in UNICODE
            assert size < 1000 or encoding not in FOUND


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_read_right_or_refused(language: str, encoding: str) -> None:
    for text in (TEXTS[language][:60], TEXTS[language] + "A Latin line\n"):
        try:
            assert decode_text(text.encode(encoding)).text == text
        except ActionError as error:
            assert error.code in ("encoding_unknown", "not_text")


def test_an_encoding_that_was_guessed_is_told() -> None:
    decoded = decode_text(TEXTS["ru"].encode("cp1251"))
    assert [(each.code, each.message.split(",")[0]) for each in decoded.warnings] == [
        ("encoding_guessed", "Read as windows-1251")
    ]
    assert decode_text(TEXTS["ru"].encode()).warnings == []


@pytest.mark.parametrize(
    "text", ["naïve", "Preis: 5 €", "Zürich", "The café is open \u2013 come in.", "l\u2019été à Nîmes"]
)
def test_a_western_text_with_few_such_letters_is_read(text: str) -> None:
    assert decode_text(text.encode("cp1252")).text == text


def test_letters_that_come_late_in_a_long_file_are_seen() -> None:
    assert "Äpfel" in decode_text(b"plain line\n" * 50_000 + "Äpfel und Öl für Müller\n".encode("cp1252")).text


DAMAGED = {
    "a byte that is no letter": ("Müller und Größe, öfter".encode() + b"\xff.", "Müller und Größe, öfter\ufffd."),
    "a letter that is cut at the end": ("Müller und Größe ö".encode()[:-1], "Müller und Größe \ufffd"),
    "a lone surrogate": ("Größe ".encode() + b"\xed\xa0\x80 ok", "Größe \ufffd ok"),
    "half a letter of UTF-16": ("\ufeffHello".encode("utf-16-le") + b"x", "Hello\ufffd"),
    "a lone surrogate in UTF-16": (b"\xff\xfea\x00\x00\xd8b\x00c\x00d\x00e\x00", "a\ufffdbcde"),
    "a zero among the letters": (b"word " * 40 + b"\x00 end", "word " * 40 + " end"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_one_damaged_letter_is_told_and_loses_nothing_else(case: str) -> None:
    content, text = DAMAGED[case]
    decoded = decode_text(content)
    assert decoded.text == text
    assert [each.code for each in decoded.warnings] == ["damaged_characters"]


def test_two_surrogates_are_the_letter_that_they_stand_for() -> None:
    assert decode_text("Größe ".encode() + b"\xed\xa0\xbd\xed\xb8\x80") == decode_text("Größe 😀".encode())


NO_TEXTS = {
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR",
    "a photograph": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x02\x03\x04\x05\x06",
    "an archive": b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(range(256)) * 4,
}


@pytest.mark.parametrize("case", NO_TEXTS)
def test_what_is_no_text_is_refused(case: str) -> None:
    with pytest.raises(ActionError) as caught:
        decode_text(NO_TEXTS[case])
    assert caught.value.code in ("not_text", "encoding_unknown")


@pytest.mark.parametrize("first", [0x80, 0xA0, 0xC0])
@pytest.mark.parametrize("size", [500, 4000, 50_000])
@pytest.mark.parametrize("others", [b"", b" \n", string.printable.encode()], ids=["alone", "spaced", "in ASCII"])
def test_random_bytes_without_zeros_are_no_text(first: int, size: int, others: bytes) -> None:
    choices = [*range(first, 0x100), *others]
    for seed in range(3, 9 if size < 50_000 else 4):
        content = bytes(Random(seed).choices(choices, k=size))  # noqa: S311  # no secret
        with pytest.raises(ActionError) as caught:
            decode_text(content)
        assert caught.value.code in ("not_text", "encoding_unknown")


DECLARED = {
    b'<meta charset="Shift_JIS">': "cp932",
    b"<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset=windows-1251'>": "cp1251",
    b'<!-- <meta charset=big5> --><meta charset="utf-8">': "utf-8",
    b'<?xml version="1.0" encoding="KOI8-R"?><html>': "koi8-r",
    b"<meta charset=gb2312>": "gb18030",
    b"<meta charset=iso-8859-1>": "cp1252",
    b"<meta charset=ks_c_5601-1987>": "cp949",
    b"<meta charset=x-sjis>": "cp932",
    b"<meta charset=utf-16>": "utf-8",
    b"<meta charset=nonsense>": None,
    b"<meta charset=unicode_escape>": None,
    b"<p>charset=big5</p>": None,
    b"<meta charset=iso_8859-1>": "cp1252",
    b"<meta charset=cp819>": "cp1252",
    b"<meta charset=csISOLatin1>": "cp1252",
    b"<meta charset=iso-ir-100>": "cp1252",
    b"<meta charset=latin-1>": "cp1252",
    b"<meta charset=iso_8859-9>": "cp1254",
    b"<meta charset=csbig5>": "big5hkscs",
    b"<meta charset=koi8>": "koi8-r",
    b"<meta name=description content='set charset=koi8-r'><meta charset=windows-1251>": "cp1251",
    b"<meta name=description content='set charset=koi8-r'>": None,
    b"<meta data-charset=big5 charset=windows-1251>": "cp1251",
    b'<meta name=a content="x>y" charset="koi8-r">': "koi8-r",
    b"<meta charset=nonsense><meta charset=big5>": "big5hkscs",
    b"<meta charset='a\x00b'>": None,
}


@pytest.mark.parametrize("page", DECLARED)
def test_a_page_declares_its_encoding_as_browsers_understand_it(page: bytes) -> None:
    assert find_declared_encoding(page) == DECLARED[page]


def test_a_declared_encoding_decides_where_the_bytes_do_not() -> None:
    content = "Да".encode("koi8-r")
    assert decode_text(content, "koi8-r").text == "Да"
    assert decode_text("水".encode(), "cp1252").text == "水"  # it is UTF-8, whatever the page says
    assert decode_text(TEXTS["ja"].encode("shift_jis"), "utf-8").text == TEXTS["ja"]


@pytest.mark.parametrize("wrap", ["{0}", "<div class=x>{0}</div><p>" + "An English line about something else. " * 20])
@pytest.mark.parametrize(("language", "encoding"), [case for case in CASES if case[1] not in UNICODE])
def test_a_true_declaration_is_never_overruled(language: str, encoding: str, wrap: str) -> None:
    for size in (60, 200, 1000, 4000):
        text, written = encode((TEXTS[language] * 40)[:size], encoding)
        before, after = (part.encode() for part in wrap.split("{0}"))
        page = f"<meta charset={encoding}>".encode() + before + written + after
        decoded = decode_text(page, find_declared_encoding(page))
        assert text in decoded.text
        if encoding not in ("iso2022_jp", "hz") and not page.isascii():
            assert decoded.warnings == []


LIES = [
    *[("ru", "cp1251", "iso-8859-1"), ("ru", "koi8_r", "windows-1251"), ("ru", "cp1251", "koi8-r")],
    *[("ru", "cp866", "windows-1251"), ("el", "cp1253", "iso-8859-1"), ("pl", "cp1250", "iso-8859-1")],
    *[("he", "cp1255", "windows-1252"), ("ar", "cp1256", "windows-1252"), ("th", "tis_620", "iso-8859-1")],
    *[("tr", "cp1254", "iso-8859-1"), ("ko", "euc_kr", "iso-8859-1"), ("ja", "euc_jp", "iso-8859-1")],
    *[("ja", "shift_jis", "iso-8859-1"), ("zh-hans", "gb18030", "iso-8859-1"), ("zh-hans", "gb18030", "big5")],
    *[("zh-hant", "big5", "gb2312"), ("ja", "euc_jp", "gb2312"), ("ja", "shift_jis", "gb2312")],
    *[("ko", "euc_kr", "gb2312"), ("ko", "euc_kr", "euc-jp"), ("de", "cp1252", "gb2312"), ("ru", "cp1251", "gb2312")],
]


@pytest.mark.parametrize(("language", "encoding", "label"), LIES)
def test_a_declaration_that_its_letters_contradict_is_overruled_and_told(
    language: str, encoding: str, label: str
) -> None:
    text, written = encode(TEXTS[language] * 4, encoding)
    page = f"<meta charset={label}><p>".encode() + written
    decoded = decode_text(page, find_declared_encoding(page))
    assert text in decoded.text
    assert [each.code for each in decoded.warnings] == ["encoding_guessed"]


def test_a_text_that_speaks_of_an_encoding_is_read_by_its_letters() -> None:
    text = TEXTS["ru"] + "<meta charset=windows-1251> # -*- coding: cp1251 -*-\n" + TEXTS["ru"]
    assert decode_text(text.encode("koi8-r")).text == text


def test_letters_behind_a_shift_are_read_or_refused() -> None:
    assert decode_text(TEXTS["ko"].encode("iso2022_kr")).text == TEXTS["ko"]
    with pytest.raises(ActionError, match="how its letters are encoded"):
        decode_text(b"\x1b$)A\x0e" + b"KR35" * 40 + b"\x0f")  # of China, which nothing here reads
