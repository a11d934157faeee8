#!/usr/bin/env bash
# chardet 7.7.0: a plain text that quotes a meta tag is read in the encoding which the tag names.
#
# Seen: a Russian note in KOI8-R is detected as KOI8-R. With one more line, which shows how a page declares
# windows-1251, the same note is detected as windows-1251 with a confidence of 0.95, and its words become letters that
# make no sense. `chardet.detect` is given bytes alone, and does not know that they are no page.
# Expected: that a declaration counts where it is one, at the head of a page, or that the letters are asked too.
# Who meets it: a chat backend that searches documents. A note about web pages is the one that quotes such a tag, and
# no search finds it afterwards.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check chardet==7.7.0
cat >check.py <<'PY'
import chardet

NOTE = "Мельник чинит колесо весной, когда вода стоит низко. Лопасти делают из дуба, ось смазывают жиром.\n"
QUOTED = 'Так страница называет свою кодировку: <meta charset="windows-1251">\n'

found = {}
for what, text in (("the note", NOTE), ("the note that quotes", NOTE + QUOTED)):
    data = text.encode("koi8-r")
    guess = chardet.detect(data)
    found[what] = guess["encoding"].lower()
    print(f"{what}: {guess['encoding']}, {guess['confidence']}: {data.decode(guess['encoding'])[:30]}")
assert found == {"the note": "koi8-r", "the note that quotes": "windows-1251"}, found
PY
venv/bin/python check.py
