#!/usr/bin/env bash
# cel-expr-python 0.1.3: a text from Python ends at its first character U+0000; a text in the expression does not.
#
# Seen: with t = "Total", U+0000, " 12 EUR", the expression t + "." gives "Total.", and size(t) gives 5. The same text
# written in the expression with an escape keeps all its characters. There is no error.
# Expected: the whole text, or an error, and the same in both cases.
# Who meets it: text that was extracted from PDF files can hold U+0000 for a glyph without a name. A prompt that an
# expression builds from such a document loses the rest of the document.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 120 venv/bin/pip install --quiet --no-compile --disable-pip-version-check cel-expr-python==0.1.3
timeout 30 venv/bin/python - <<'PY'
from cel_expr_python import cel

environment = cel.NewEnv(variables={"t": cel.Type.STRING})
joined = environment.compile("t + '.'").eval(data={"t": "Total\0 12 EUR"}).value()
size = environment.compile("size(t)").eval(data={"t": "Total\0 12 EUR"}).value()
written = environment.compile(r"'Total\u0000 12 EUR' + '.'").eval(data={"t": ""}).value()
print("from Python:       ", ascii(joined), "size", size)
print("in the expression: ", ascii(written))
assert (joined, size) == ("Total.", 5)
assert written == "Total\0 12 EUR."
PY
