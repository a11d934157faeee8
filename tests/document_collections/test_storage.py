"""What the documents of a collection store is counted, and a workspace that is full takes no more."""

import pytest
from django.conf import LazySettings

from actions.contract.errors import ActionError
from chats import services as chats
from document_collections.models import Chunk, Collection, Document
from tests.document_collections.client import SendFile
from tests.json_api import read_refusal
from workspaces import storage
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_indexing")]


def test_an_indexed_file_counts_what_is_stored_of_it(index: SendFile) -> None:
    index("mill.txt", b"The wheel turns. " * 500)
    rows = Chunk.objects.values_list("text", "metadata", "vector")
    expected = sum(len(text) + len('{"source": "mill.txt"}') + len(vector) for text, _, vector in rows)
    assert Document.objects.get().stored_bytes == expected > 8_000


def test_room_that_is_made_is_found(
    workspace: Workspace,
    collection: Collection,
    upload: SendFile,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("MEASURE_INTERVAL_S", "MEASURE_FULL_INTERVAL_S"):
        monkeypatch.setattr(storage, name, -1.0)
    settings.MILLRACE_MAX_WORKSPACE_BYTES = 1_000
    document = Document.objects.create(collection=collection, name="a.txt", status="ready", stored_bytes=1_000)
    assert read_refusal(upload("b.txt", b"x"))[:2] == (413, "limit_workspace_bytes")
    with pytest.raises(ActionError) as refused:
        chats.append(workspace.pk, "key:1", "s", [{"role": "user", "content": "q"}], None)
    assert refused.value.code == "limit_workspace_bytes"
    document.delete()
    chats.append(workspace.pk, "key:1", "s", [{"role": "user", "content": "q"}], None)
