"""Reads the characters of a PDF page, and finds out which of them the page does not show."""

import ctypes
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

INVISIBLE_MODES = frozenset((pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP))
MIN_HEIGHT = 1.5
"""The least height of a text that can be read, in points."""
MAX_FAINT_LUMINANCE = 230
"""A letter that is lighter than this may be invisible: the page is drawn to find out."""
MIN_CONTRAST = 12
"""The least difference between the darkest and the lightest dot where a text can be seen, of 255."""
MAX_DRAWN_PIXELS = 4_000_000

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Character:
    """A character of a page, in the order of reading."""

    text: str
    """U+FFFD when the PDF does not say which letter it is."""
    is_generated: bool
    """Whether it is not in the PDF: a space or a line end that follows from a gap."""
    is_hyphen: bool
    """Whether it is a hyphen at the end of a line."""
    box: Box
    """Left, bottom, right, top, in points."""
    is_invisible: bool = False


def read_characters(page: pdfium.PdfPage) -> list[Character]:
    """Return the characters of the page. Raises PdfiumError when the page is damaged."""
    text_page = page.get_textpage()
    objects: list[int] = []
    faint: dict[int, bool | None] = {}
    characters: list[Character] = []
    for index in range(text_page.count_chars()):
        characters.append(_read_character(text_page, index))
        key = _find_object(text_page, index)
        if key and key not in faint:
            faint[key] = _judge_by_style(text_page, index, pdfium_c.FPDFText_GetTextObject(text_page, index))
        # A space that follows from a gap belongs to the text before it.
        objects.append(key or (objects[-1] if objects else 0))
    hidden = _find_hidden_objects(page, characters, objects, faint)
    text_page.close()
    return [
        replace(each, is_invisible=True) if key in hidden else each
        for each, key in zip(characters, objects, strict=True)
    ]


def _read_character(text_page: pdfium.PdfTextPage, index: int) -> Character:
    code = pdfium_c.FPDFText_GetUnicode(text_page, index)
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium_c.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
    return Character(
        _decode(code),
        pdfium_c.FPDFText_IsGenerated(text_page, index) == 1,
        pdfium_c.FPDFText_IsHyphen(text_page, index) == 1,
        (left.value, bottom.value, right.value, top.value),
    )


def _decode(code: int) -> str:
    """Return the character; the halves of a surrogate pair are joined when the text is put together."""
    return chr(code) if 0 < code < 0x110000 and code not in (0xFFFE, 0xFFFF) else "\ufffd"


def _find_object(text_page: pdfium.PdfTextPage, index: int) -> int:
    """Return the address of the text object that the character is of; 0 for one that is generated."""
    pointer = pdfium_c.FPDFText_GetTextObject(text_page, index)
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def _judge_by_style(text_page: pdfium.PdfTextPage, index: int, text_object: object) -> bool | None:
    """Return whether a text is invisible by its mode or its colour; None when it depends on what lies under it."""
    if pdfium_c.FPDFTextObj_GetTextRenderMode(text_object) in INVISIBLE_MODES:
        return True
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium_c.FPDFText_GetFillColor(text_page, index, red, green, blue, alpha)
    if alpha.value == 0:
        return True
    is_light = min(red.value, green.value, blue.value) >= MAX_FAINT_LUMINANCE or alpha.value < 32
    return None if is_light else False


def _find_hidden_objects(
    page: pdfium.PdfPage, characters: Sequence[Character], objects: Sequence[int], faint: dict[int, bool | None]
) -> set[int]:
    boxes: dict[int, list[Box]] = defaultdict(list)
    for each, key in zip(characters, objects, strict=True):
        if not each.is_generated and each.text.strip():
            boxes[key].append(each.box)
    joined = {key: _join_boxes(each) for key, each in boxes.items()}
    hidden = {key for key, is_hidden in faint.items() if is_hidden}
    hidden |= {key for key, box in joined.items() if box[3] - box[1] < MIN_HEIGHT / 2 or _is_off_page(box, page)}
    undecided = [key for key, is_hidden in faint.items() if is_hidden is None and key in joined and key not in hidden]
    if undecided:
        drawn, scale = _draw(page)
        hidden |= {key for key in undecided if _measure_contrast(drawn, scale, joined[key]) < MIN_CONTRAST}
    return hidden


def _join_boxes(boxes: Sequence[Box]) -> Box:
    left, bottom, right, top = zip(*boxes, strict=True)
    return min(left), min(bottom), max(right), max(top)


def _is_off_page(box: Box, page: pdfium.PdfPage) -> bool:
    left, bottom, right, top = page.get_bbox()
    return bool(box[2] < left or box[0] > right or box[3] < bottom or box[1] > top)


def _draw(page: pdfium.PdfPage) -> tuple[np.ndarray, float]:
    """Draw the page in grey; return its dots, the top row first, and how many there are to a point."""
    width, height = page.get_size()
    scale = min(2.0, (MAX_DRAWN_PIXELS / max(1.0, width * height)) ** 0.5)
    return page.render(scale=scale, grayscale=True).to_numpy().reshape(int(np.ceil(height * scale)), -1), scale


def _measure_contrast(drawn: np.ndarray, scale: float, box: Box) -> int:
    height = drawn.shape[0]
    left, bottom, right, top = (round(each * scale) for each in box)
    dots = drawn[max(0, height - top) : max(0, height - bottom) + 1, max(0, left) : max(0, right) + 1]
    return int(dots.max()) - int(dots.min()) if dots.size else 0
