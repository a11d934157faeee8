"""Reads what was filled into the fields of a PDF form: it is drawn over the page, and is no text of it."""

import ctypes
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

FILLED_TYPES = frozenset(
    (pdfium_c.FPDF_FORMFIELD_TEXTFIELD, pdfium_c.FPDF_FORMFIELD_COMBOBOX, pdfium_c.FPDF_FORMFIELD_LISTBOX)
)
HIDDEN_FLAGS = pdfium_c.FPDF_ANNOT_FLAG_HIDDEN | pdfium_c.FPDF_ANNOT_FLAG_NOVIEW
PASSWORD_FLAG = 1 << 13
MAX_FIELDS = 5_000


def read_fields(document: pdfium.PdfDocument, page: pdfium.PdfPage) -> list[str]:
    """Return the texts of the fields that the page shows; passwords and hidden fields are left out."""
    form = document.formenv
    if form is None:
        return []
    count = min(pdfium_c.FPDFPage_GetAnnotCount(page), MAX_FIELDS)
    return [text for index in range(count) for text in _read_field(form, page, index)]


def _read_field(form: pdfium.PdfFormEnv, page: pdfium.PdfPage, index: int) -> Iterator[str]:
    field = pdfium_c.FPDFPage_GetAnnot(page, index)
    if not field:
        return
    try:
        is_hidden = pdfium_c.FPDFAnnot_GetFlags(field) & HIDDEN_FLAGS
        is_secret = pdfium_c.FPDFAnnot_GetFormFieldFlags(form, field) & PASSWORD_FLAG
        if pdfium_c.FPDFAnnot_GetFormFieldType(form, field) in FILLED_TYPES and not is_hidden and not is_secret:
            yield from filter(None, (_read_value(form, field).strip(),))
    finally:
        pdfium_c.FPDFPage_CloseAnnot(field)


def _read_value(form: pdfium.PdfFormEnv, field: object) -> str:
    size = pdfium_c.FPDFAnnot_GetFormFieldValue(form, field, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium_c.FPDFAnnot_GetFormFieldValue(form, field, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\x00").replace("\r\n", "\n").replace("\r", "\n")
