"""The text of a PDF is read as a person reads it; what cannot be seen is marked, and what cannot be read is told."""

import shutil
import subprocess
from pathlib import Path

import pytest

from actions.contract.errors import ActionError
from document_collections.extraction.extract import extract_text
from document_collections.extraction.extracted import ExtractedText, describe_numbers
from tests.document_collections.extraction.pdfs import build_form, build_pages, write
from tests.document_collections.files import build_encrypted_pdf, build_pdf


def read(tmp_path: Path, content: bytes) -> ExtractedText:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    return extract_text(path, "application/pdf")


INVISIBLE = {
    "a mode that paints nothing": write("secret", 600, "3 Tr"),
    "white on white": write("secret", 600, "1 1 1 rg"),
    "nearly white": write("secret", 600, "0.99 0.99 0.99 rg"),
    "a size that nobody reads": write("secret", 600, size=0.3),
    "beside the page": write("secret", 600, x=900),
    "a white outline": write("secret", 600, "1 Tr 1 1 1 RG"),
    "filled and outlined in white": write("secret", 600, "2 Tr 1 1 1 rg 1 1 1 RG"),
}


@pytest.mark.parametrize("case", INVISIBLE)
def test_text_that_cannot_be_seen_is_marked(tmp_path: Path, case: str) -> None:
    extracted = read(tmp_path, build_pages(write("The wheel turns.") + INVISIBLE[case]))
    assert [(part.text, part.is_invisible) for part in extracted.parts] == [
        ("The wheel turns.", False),
        ("secret", True),
    ]
    assert [warning.code for warning in extracted.warnings] == ["invisible_text"]


def test_white_text_on_a_dark_ground_is_seen(tmp_path: Path) -> None:
    ground = "0 0 0.4 rg 60 590 200 30 re f\n"
    extracted = read(tmp_path, build_pages(ground + write("Title", 600, "1 1 1 rg") + write("grey", 500, "0.5 g")))
    assert [(part.text.split(), part.is_invisible) for part in extracted.parts] == [(["Title", "grey"], False)]
    assert extracted.warnings == []


BOXES = [
    *[f"/MediaBox [0 0 612 792] /Rotate {turn}" for turn in (0, 90, 180, 270)],
    *("/MediaBox [0 500 612 792]", "/MediaBox [-300 -300 612 792]", "/MediaBox [0 0 612 792] /UserUnit 2"),
    *("/MediaBox [0 0 612 792] /CropBox [50 550 400 792]", "/MediaBox [0 -300 612 792] /Rotate 90"),
]


@pytest.mark.parametrize("box", BOXES)
def test_light_text_is_judged_where_it_is_drawn(tmp_path: Path, box: str) -> None:
    title = (
        "0 0 0.4 rg 60 590 200 30 re f\n" + write("Title", 600, "1 1 1 rg") + write("outlined", 640, "1 Tr 1 1 1 rg")
    )
    extracted = read(tmp_path, build_pages(title + write("secret", 700, "1 1 1 rg"), box=box))
    assert [(sorted(part.text.split()), part.is_invisible) for part in extracted.parts] == [
        (["Title", "outlined"], False),
        (["secret"], True),
    ]


def test_pages_without_text_are_told_and_the_others_read(tmp_path: Path) -> None:
    extracted = read(tmp_path, build_pages(write("One."), "", "0 0 1 rg 9 9 99 99 re f", write("Four.")))
    assert [(part.text, part.page) for part in extracted.parts] == [("One.", 1), ("Four.", 4)]
    assert [warning.message for warning in extracted.warnings] == [
        "Pages 2 to 3 hold no text. On scans run text recognition first."
    ]


def test_a_pdf_without_any_text_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ActionError) as caught:
        read(tmp_path, build_pages(""))
    assert caught.value.code == "no_text"
    assert "text recognition" in (caught.value.hint or "")


FIELDS = [
    *("/FT /Tx /T (name) /V (Ada Miller)", "/FT /Tx /T (place) /V <FEFF004D00FC0068006C0065>", "/FT /Tx /T (none)"),
    *("/FT /Ch /Ff 131072 /T (kind) /Opt [(wind) (water)] /V (water)", "/FT /Btn /T (box) /V /Yes"),
    *("/FT /Tx /Ff 8192 /T (password) /V (secret)", "/FT /Tx /F 2 /T (hidden) /V (secret)"),
]


@pytest.mark.parametrize("printed", ["", "Form 7"])
def test_what_was_filled_into_a_form_is_text_of_its_page(tmp_path: Path, printed: str) -> None:
    extracted = read(tmp_path, build_form(write(printed), *FIELDS))
    (part,) = extracted.parts
    assert part.text.split("\n") == [*([printed] if printed else []), "Ada Miller", "Mühle", "water"]
    assert (part.is_invisible, extracted.warnings) == (False, [])


def test_one_damaged_page_loses_nothing_else(tmp_path: Path) -> None:
    content = build_pages(write("One."), write("Two."), write("Three."))
    damaged = content.replace(b"5 0 obj\n<< /Type /Page ", b"5 0 obj\n<< /Type /Nope ").replace(
        b"[3 0 R 5", b"[3 0 R 99"
    )
    extracted = read(tmp_path, damaged)
    assert [part.text for part in extracted.parts] == ["One.", "Three."]
    assert len(extracted.warnings) == 1
    assert "age 2" in extracted.warnings[0].message


def test_a_letter_without_a_meaning_and_a_lone_surrogate_are_replaced(tmp_path: Path) -> None:
    table = "1 begincodespacerange <00> <FF> endcodespacerange 2 beginbfchar <41> <D800> <42> <0042> endbfchar"
    cmap = f"/CIDInit /ProcSet findresource begin 12 dict begin begincmap {table} endcmap end end"
    content = build_pages(write("BAB")).replace(b"/BaseFont /Helvetica", b"/BaseFont /Helvetica /ToUnicode 5 0 R")
    objects = (
        content.split(b"xref")[0] + f"5 0 obj\n<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream\nendobj\n".encode()
    )
    extracted = read(tmp_path, objects + b"trailer\n<< /Size 6 /Root 1 0 R >>\n%%EOF\n")
    text = extracted.parts[0].text
    assert text.startswith("B")
    assert text.endswith("B")
    text.encode()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (build_encrypted_pdf("secret"), "encrypted_document"),
        (build_pdf("The wheel turns.")[:200], "broken_document"),
        (b"not a PDF", "broken_document"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(ActionError) as caught:
        read(tmp_path, content)
    assert caught.value.code == code


PRINTED = """<meta charset=utf-8><style>h1{letter-spacing:.3em} h2{letter-spacing:8px;text-transform:uppercase}
.j{width:200px;hyphens:manual} .w{color:#fff}</style><h1>Mill wheel</h1><h2>Weekly care</h2>
<p class=j>Donau&shy;dampf&shy;schiff&shy;fahrts&shy;gesell&shy;schaft and the care of water&shy;wheels goes on.</p>
<p>Unused soft hy&shy;phen in a wide para&shy;graph.</p><p class=w>White words.</p>"""
CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None)


@pytest.mark.skipif(CHROMIUM is None, reason="a browser prints the page")
def test_a_printed_web_page_reads_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PRINTED)
    printed = tmp_path / "printed.pdf"
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--no-pdf-header-footer", f"--print-to-pdf={printed}"]
    subprocess.run([*command, str(tmp_path / "page.html")], check=True, capture_output=True, timeout=120)
    shown, hidden = read(tmp_path, printed.read_bytes()).parts
    words = " ".join(shown.text.split())
    for expected in (
        "Mill wheel WEEKLY CARE",
        "Donaudampfschifffahrtsgesellschaft",
        "waterwheels",
        "hyphen in a wide paragraph",
    ):
        assert expected in words
    assert (hidden.text, hidden.is_invisible) == ("White words.", True)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["The water-", "wheels turn."], "The waterwheels turn."),
        (["The Anglo-", "American mill"], "The Anglo-American mill"),
        (["THE WATER-", "WHEEL"], "THE WATERWHEEL"),
        (["In COVID-", "19 times"], "In COVID-19 times"),
        (["A well-", "known mill, a well-known race"], "A well-known mill, a well-known race"),
        (["The wind-", "and water mills"], "The wind- and water mills"),
    ],
)
def test_a_hyphen_at_the_end_of_a_line_is_kept_where_it_is_part_of_the_word(
    lines: list[str], expected: str, tmp_path: Path
) -> None:
    page = "".join(write(line, y=700 - 14 * number) for number, line in enumerate(lines))
    (shown,) = read(tmp_path, build_pages(page)).parts
    assert " ".join(shown.text.split()) == expected


def test_numbers_are_told_in_words() -> None:
    assert describe_numbers("Page", [3]) == "Page 3"
    assert describe_numbers("Page", [1, 4, 5, 6, 9]) == "Pages 1, 4 to 6 and 9"
    assert describe_numbers("Page", list(range(1, 99, 2))).endswith("23 and more")
