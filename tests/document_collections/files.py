"""Files as people upload them, made by hand so that a test says what is in them."""

import io

from pypdf import PdfReader, PdfWriter

PAGE = (
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {contents} 0 R "
    "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
)


def build_pdf(*texts: str) -> bytes:
    """Return a PDF with one page for each text."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    for text in texts:
        stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET"
        objects.append(PAGE.format(contents=len(objects) + 2))
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    kids = " ".join(f"{3 + 2 * at} 0 R" for at in range(len(texts)))
    objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(texts)} >>"
    return join_objects(objects)


def build_encrypted_pdf(text: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(build_pdf(text))))
    writer.encrypt("a password", algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def join_objects(objects: list[str]) -> bytes:
    written, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{body}\nendobj\n".encode("latin1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return written + f"{end}startxref\n{len(written)}\n%%EOF\n".encode("latin1")


HOSTILE_HTML = (
    """<!doctype html><html><head><title>Guide</title><script>alert("no")</script></head><body>
<h1>Mill &amp; race</h1><p onclick="steal()">Water <b>turns</b> the wheel.<p>Unclosed &lt;script&gt;
<style>p { display: none }</style><img src=x onerror=alert(1)><svg><script>alert(2)</script></svg>
<template><p>hidden</p></template><iframe src="file:///etc/passwd"></iframe><!-- a comment -->
<a href="javascript:alert(3)">A link</a><div><div><div>"""
    + "<b>" * 20_000
    + "The end."
)
