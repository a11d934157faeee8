"""Files that an input names are filled in from where they are stored."""

from uuid import uuid4

from flows.stored_files import StoredFiles


def test_a_file_that_is_named_often_is_in_memory_once() -> None:
    stored, files = uuid4(), StoredFiles()
    files.register(lambda *_: {stored: {"data": "AAAA"}})
    filled = files.fill({"files": [{"stored": str(stored)}] * 100}, uuid4(), "user:1")
    assert len({id(file["data"]) for file in filled.input["files"]}) == 1
    assert filled.file_bytes == 4
