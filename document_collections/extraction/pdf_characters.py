"""Reads the characters of a PDF page, and finds out which of them the page does not show."""

import ctypes
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

INVISIBLE_MODES = frozenset((pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP))
FILL, STROKE = pdfium_c.FPDFText_GetFillColor, pdfium_c.FPDFText_GetStrokeColor
COLORS_OF_MODES = {
    **dict.fromkeys((pdfium_c.FPDF_TEXTRENDERMODE_STROKE, pdfium_c.FPDF_TEXTRENDERMODE_STROKE_CLIP), (STROKE,)),
    **dict.fromkeys(
        (pdfium_c.FPDF_TEXTRENDERMODE_FILL_STROKE, pdfium_c.FPDF_TEXTRENDERMODE_FILL_STROKE_CLIP), (FILL, STROKE)
    ),
}
"""What paints the letters; in the other modes they are filled."""
MIN_HEIGHT = 1.5
"""The least height of a text that can be read, in points."""
MAX_FAINT_LUMINANCE = 230
"""A letter that is lighter than this may be invisible: the page is drawn to find out."""
MIN_OPAQUE_ALPHA = 32
"""A letter that is more transparent may be invisible, too; of 255."""
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
    mode = pdfium_c.FPDFTextObj_GetTextRenderMode(text_object)
    if mode in INVISIBLE_MODES:
        return True
    getters = COLORS_OF_MODES.get(mode, (FILL,))
    lightness = [_read_lightness(getter, text_page, index) for getter in getters]
    if all(each is None for each in lightness):
        return True
    return None if all(each is None or each >= MAX_FAINT_LUMINANCE for each in lightness) else False


def _read_lightness(getter: Callable[..., int], text_page: pdfium.PdfTextPage, index: int) -> int | None:
    """Return the least of red, green and blue; 255 when it is nearly transparent, None when it paints nothing."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    getter(text_page, index, red, green, blue, alpha)
    if alpha.value == 0:
        return None
    return 255 if alpha.value < MIN_OPAQUE_ALPHA else min(red.value, green.value, blue.value)


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
        drawn = _draw(page)
        hidden |= {key for key in undecided if _measure_contrast(page, drawn, joined[key]) < MIN_CONTRAST}
    return hidden


def _join_boxes(boxes: Sequence[Box]) -> Box:
    left, bottom, right, top = zip(*boxes, strict=True)
    return min(left), min(bottom), max(right), max(top)


def _is_off_page(box: Box, page: pdfium.PdfPage) -> bool:
    left, bottom, right, top = page.get_bbox()
    return bool(box[2] < left or box[0] > right or box[3] < bottom or box[1] > top)


def _draw(page: pdfium.PdfPage) -> np.ndarray:
    """Draw the page in grey; return its dots, the top row first."""
    width, height = page.get_size()
    scale = min(2.0, (MAX_DRAWN_PIXELS / max(1.0, width * height)) ** 0.5)
    drawn = page.render(scale=scale, grayscale=True)
    dots: np.ndarray = drawn.to_numpy().reshape(drawn.height, -1)
    return dots[:, : drawn.width]


def _measure_contrast(page: pdfium.PdfPage, drawn: np.ndarray, box: Box) -> int:
    """Return the difference between the darkest and the lightest dot in a box, which is in points of the page."""
    (x1, y1), (x2, y2) = (_find_dot(page, drawn, *corner) for corner in (box[:2], box[2:]))
    top, bottom, left, right = min(y1, y2), max(y1, y2), min(x1, x2), max(x1, x2)
    dots = drawn[max(0, top) : max(0, bottom) + 1, max(0, left) : max(0, right) + 1]
    return int(dots.max()) - int(dots.min()) if dots.size else 0


def _find_dot(page: pdfium.PdfPage, drawn: np.ndarray, x: float, y: float) -> tuple[int, int]:
    """Return the column and the row where a point is drawn: a page may be turned, and need not begin at 0."""
    column, row = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDF_PageToDevice(page, 0, 0, drawn.shape[1], drawn.shape[0], 0, x, y, column, row)
    return column.value, row.value
