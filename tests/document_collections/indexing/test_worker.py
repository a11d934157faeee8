"""What goes wrong in the worker is told in words, whatever it is."""

import json
from io import BytesIO
from typing import Any

import pytest

from actions.contract.errors import ActionError
from document_collections.indexing import worker
from document_collections.indexing.job import Job

JOB = Job("a.txt", "a.txt", "text/plain", "", None, None, [])


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ActionError("no_text", "The file holds no text."), "no_text", "holds no text"),
        (MemoryError(), "document_too_large", "more memory than is allowed"),
        (RecursionError("a line of the document"), "index_failed", "an error of the type RecursionError"),
    ],
)
def test_any_error_is_a_frame_with_words(
    monkeypatch: pytest.MonkeyPatch, error: Exception, code: str, words: str
) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(worker, "extract_text", fail)
    answers = BytesIO()
    worker.run_job(JOB, answers)
    frame = json.loads(answers.getvalue())
    assert (frame["type"], frame["code"]) == ("failed", code)
    assert words in frame["message"]
    assert "a line of the document" not in frame["message"]
