"""PDFs as printers, scanners and people who hide a text make them; each page is a content stream made by hand."""

from tests.document_collections.files import join_objects

PAGE = (
    "<< /Type /Page /Parent 2 0 R {box} /Contents {contents} 0 R "
    "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
)


def build_pages(*streams: str, box: str = "/MediaBox [0 0 612 792]") -> bytes:
    """Return a PDF with one page for each content stream. `box` says where the pages begin, and how they are turned."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    for stream in streams:
        objects.append(PAGE.format(contents=len(objects) + 2, box=box))
        objects.append(f"<< /Length {len(stream.encode('latin1'))} >>\nstream\n{stream}\nendstream")
    kids = " ".join(f"{3 + 2 * at} 0 R" for at in range(len(streams)))
    objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>"
    return join_objects(objects)


def build_form(stream: str, *fields: str) -> bytes:
    """Return a PDF with one page and the fields of a form, each the entries of its dictionary."""
    numbers = " ".join(f"{5 + at} 0 R" for at in range(len(fields)))
    return join_objects(
        [
            f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{numbers}] /DA (/Helv 12 Tf) >> >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            PAGE.format(contents=4, box=f"/MediaBox [0 0 612 792] /Annots [{numbers}]"),
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
            *(f"<< /Type /Annot /Subtype /Widget /Rect [72 500 300 520] {field} >>" for field in fields),
        ]
    )


def write(text: str, y: int = 700, style: str = "", size: float = 12, x: int = 72) -> str:
    return f"q {style} BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET Q\n"
