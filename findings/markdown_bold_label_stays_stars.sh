#!/usr/bin/env bash
# CommonMark (markdown-it-py 4.3.0): bold text that ends with a punctuation mark stays unformatted when a letter
# follows at once.
#
# Seen: "**Note:**Text" keeps its four stars, and so does a Japanese sentence whose bold word stands in brackets.
# "**Note**: Text" is bold.
# Expected: a pair of stars around a phrase makes it bold, wherever the phrase ends. Markdown 3.11.3, the older
# library of Python, does that.
# Who meets it: models write labels in this way, above all in Chinese and Japanese, where no blank stands between
# words. The reader of the answer sees stars, and a server and a browser that use different libraries show different
# text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 120 venv/bin/pip install --quiet --no-compile --disable-pip-version-check markdown-it-py==4.3.0 Markdown==3.11.3
timeout 30 venv/bin/python - <<'PY'
import markdown
from markdown_it import MarkdownIt

TEXTS = ["**Note**: Text", "**Note:**Text", "**\N{LEFT CORNER BRACKET}\u91cd\u8981\N{RIGHT CORNER BRACKET}**\u3067\u3059"]
bold = {"markdown-it-py": [], "Markdown": []}
for text in TEXTS:
    for library, html in {"markdown-it-py": MarkdownIt().render(text), "Markdown": markdown.markdown(text)}.items():
        print(f"{library:15} {html.strip()}")
        bold[library].append("<strong>" in html)
assert bold == {"markdown-it-py": [True, False, False], "Markdown": [True, True, True]}
PY
