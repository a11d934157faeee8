#!/usr/bin/env bash
# pypdf 7.1.1, pdfminer.six 20260107, pypdfium2 5.15.2: the text of a filled-in form holds the labels and none of the
# answers.
#
# Seen: a page shows "Colour:" and beside it a form field with "dark green". All three libraries extract "Colour:"
# only. pypdf gives the answer by get_form_text_fields(), a separate call.
# Expected: the text that a reader sees and can print.
# Who meets it: documents that users upload to a chat backend are often filled-in forms. The model sees an empty form
# and says that nothing was filled in. No library reports that something was left out.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 120 venv/bin/pip install --quiet --no-compile --disable-pip-version-check reportlab==5.1.0 pypdf==7.1.1 pdfminer.six==20260107 pypdfium2==5.15.2
timeout 30 venv/bin/python - <<'PY'
import io

import pypdf
import pypdfium2
from pdfminer.high_level import extract_text
from reportlab.pdfgen.canvas import Canvas

file = io.BytesIO()
canvas = Canvas(file)
canvas.drawString(72, 700, "Colour:")
canvas.acroForm.textfield(name="colour", x=120, y=690, width=200, height=20, value="dark green")
canvas.save()

reader = pypdf.PdfReader(file)
texts = {
    "pypdf": reader.pages[0].extract_text(),
    "pdfminer.six": extract_text(io.BytesIO(file.getvalue())),
    "pypdfium2": pypdfium2.PdfDocument(file.getvalue())[0].get_textpage().get_text_range(),
}
for library, text in texts.items():
    print(f"{library:13} {text.strip()!r}")
    assert text.strip() == "Colour:"
print("fields (pypdf):", reader.get_form_text_fields())
assert reader.get_form_text_fields() == {"colour": "dark green"}
PY
