"""Files that the input of a run names and does not hold: they are stored by a higher room, which may delete them.

Such a file is `{"type": "image", "media_type": "image/png", "title": "mill.png", "bytes": 812, "stored": "<id>"}` in
the list `files` of the input. The run gets it with its content, in the row of the run it stays as it is.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from actions.contract.errors import DomainError
from flows.engine.preview import UnshownText
from web.text import read_uuid

LoadFiles = Callable[[UUID, str, Collection[UUID]], Mapping[UUID, Mapping[str, str]]]
"""Of a workspace and an owner: the content of these files, by id, as `{"data": <base64>}` or `{"text": …}`."""


class FilledInput(NamedTuple):
    """An input with its files."""

    input: Mapping[str, Any]
    file_bytes: int
    """Of the contents, as the run holds them."""


class StoredFiles:
    """Finds the files that inputs name. Sync."""

    def __init__(self) -> None:
        self._load: LoadFiles = lambda *_: {}

    def register(self, load: LoadFiles) -> None:
        """Let `load` read files, in the place of what read them before. Called by `AppConfig.ready`."""
        self._load = load

    def fill(self, input: Mapping[str, Any], workspace_id: UUID, owner: str) -> FilledInput:
        """Return the input with the contents of the files that it names, which are the owner's.

        Raises DomainError `file_gone` when one is not there, or is somebody else's.
        """
        ids = list_stored_files(input)
        if not ids:
            return FilledInput(input, 0)
        loaded = self._load(workspace_id, owner, ids)
        contents = {id: _hide_texts(content) for id, content in loaded.items()}
        if len(contents) < len(set(ids)):
            hint = "Send the question again without it, or with the file itself."
            raise DomainError("conflict", "file_gone", "A file of the question is not there any more.", hint=hint)
        files = [_fill(file, contents) for file in input["files"]]
        held = sum(len(text) for content in contents.values() for text in content.values())
        return FilledInput({**input, "files": files}, held)


def list_stored_files(input: Mapping[str, Any]) -> list[UUID]:
    """Return the ids of the files that the input names, in order."""
    files = input.get("files")
    if not isinstance(files, list):
        return []
    return [id for file in files if (id := _read_id(file)) is not None]


def _read_id(file: Any) -> UUID | None:
    stored = file.get("stored") if isinstance(file, Mapping) else None
    return read_uuid(stored) if isinstance(stored, str) else None


def _hide_texts(content: Mapping[str, str]) -> Mapping[str, UnshownText]:
    return {name: UnshownText(text) for name, text in content.items()}


def _fill(file: Any, contents: Mapping[UUID, Mapping[str, UnshownText]]) -> Any:
    """Return the file with its content, which is in memory once, however often the input names it."""
    id = _read_id(file)
    return file if id is None else {**file, **contents[id]}


stored_files = StoredFiles()
"""Of the process, as the app registry of Django is, which fills it."""
