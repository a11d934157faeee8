#!/usr/bin/env bash
# numpy 2.4.6: the cosine of a normalised float32 vector with itself is often larger than 1.
#
# Seen: of 200 vectors of 384 numbers, each divided by its own norm, more than ten have a product with themselves
# above 1, such as 1.0000001. A pydantic 2.14.3 field with le=1 refuses them.
# Expected: at most 1, because both vectors have length 1.
# Who meets it: a search that finds the very passage that was asked for. Its score breaks a response schema with a
# maximum of 1, and 1 - score is a negative distance, whose square root is nan. The best hit of all is the one that
# fails. Limit the score before it leaves.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
timeout 120 venv/bin/pip install --quiet --no-compile --disable-pip-version-check numpy==2.4.6 pydantic==2.14.3
timeout 30 venv/bin/python - <<'PY'
import numpy as np
from pydantic import BaseModel, Field, ValidationError


class Hit(BaseModel):
    score: float = Field(ge=-1, le=1)


vectors = np.random.default_rng(0).standard_normal((200, 384)).astype(np.float32)
vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
scores = [float(vector @ vector) for vector in vectors]
above = sum(score > 1 for score in scores)
print("above 1:", above, "of", len(scores), " largest:", max(scores))
assert above > 10
try:
    Hit(score=max(scores))
except ValidationError as error:
    print("pydantic:", error.errors()[0]["msg"])
else:
    raise AssertionError("the field takes the score now")
PY
