"""Collections and documents in Django's admin: they are looked at there, and changed on their own pages."""

import pytest
from django.test import Client

from document_collections.models import Collection, Document
from tests.conftest import sign_in_client
from workspaces.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(alice: User) -> Client:
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    return sign_in_client(alice)


def test_both_are_listed_and_shown(keeper: Client, collection: Collection) -> None:
    document = Document.objects.create(collection=collection, name="manual.txt", status="ready")
    for path in ("collection/", f"collection/{collection.pk}/change/", "document/", f"document/{document.pk}/change/"):
        assert keeper.get(f"/admin/vectors/{path}").status_code == 200


@pytest.mark.parametrize("kind", ["collection", "document"])
def test_neither_is_added_or_deleted_there(keeper: Client, collection: Collection, kind: str) -> None:
    row = (
        collection if kind == "collection" else Document.objects.create(collection=collection, name="a", status="ready")
    )
    assert keeper.get(f"/admin/vectors/{kind}/add/").status_code == 403
    assert keeper.post(f"/admin/vectors/{kind}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
