#!/usr/bin/env bash
# langchain-text-splitters 1.1.3: the overlap that was asked for is not there when the paragraphs are longer than the
# overlap.
#
# Seen: four paragraphs of 81 characters, chunk_size 100 and chunk_overlap 30 give four chunks that share no
# character. Running text without paragraphs, with the same sizes, does overlap.
# Expected: each chunk begins with about the last 30 characters of the chunk before, as the parameter says. The
# overlap is made of whole pieces only, and a whole paragraph is larger than 30 characters.
# Who meets it: whoever cuts documents for retrieval and sets an overlap so that no sentence stands without what
# precedes it. With ordinary paragraphs the setting does nothing, and a measurement that compares two overlaps
# compares equal chunks.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 120 venv/bin/pip install --quiet --no-compile --disable-pip-version-check langchain-text-splitters==1.1.3
timeout 30 venv/bin/python - <<'PY'
from langchain_text_splitters import RecursiveCharacterTextSplitter


def split(text: str, overlap: int) -> list[str]:
    return RecursiveCharacterTextSplitter(chunk_size=100, chunk_overlap=overlap).split_text(text)


paragraphs = "\n\n".join(f"Paragraph {number} " + "word " * 14 for number in range(4))
for chunk in split(paragraphs, 30):
    print(len(chunk), chunk)
assert len(split(paragraphs, 30)) == 4
assert split(paragraphs, 30) == split(paragraphs, 0)

running = " ".join(f"word{number}" for number in range(60))
print("running text:", split(running, 30)[0][-30:], "|", split(running, 30)[1][:30])
assert split(running, 30) != split(running, 0)
PY
