"""The charset that a request names decodes nothing: all texts of a request are UTF-8."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("charset", ["hex", "zlib", "idna", "utf-16", "nope"])
@pytest.mark.parametrize("path", ["/api/v1/runs?limit=1", "/admin/login/?next=/"])
def test_the_charset_of_a_body_does_not_decode_the_query(client: Client, path: str, charset: str) -> None:
    answer = client.generic("GET", path, content_type=f"text/plain; charset={charset}")
    assert answer.status_code == (200)
