"""The logo of a chat page, which is judged by what it is, and the page as an app that browsers install."""

import base64
import struct
import zlib
from typing import Any

import pytest
from django.test import Client

from chat_pages import pages
from chat_pages.images import MAX_IMAGE_BYTES
from chat_pages.models import ChatPage, Logo
from workspaces.audit.record import SERVER
from workspaces.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)


def build_png(*, filler: bytes = b"") -> bytes:
    """Return a picture of one red dot, with some bytes of a chunk that nobody reads."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"teXt", filler), chunk(b"IDAT", zlib.compress(b"\0\xd9\x6a\x08")))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0"
WEBP = b"RIFF\x1a\0\0\0WEBPVP8L"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def put(client: Client, page: ChatPage, content: bytes) -> Any:
    body = {"image": base64.b64encode(content).decode()}
    return client.put(f"/api/v1/flows/{page.flow_id}/chat-page/logo", body, content_type="application/json")


@pytest.mark.parametrize(
    ("content", "media_type"), [(build_png(), "image/png"), (JPEG, "image/jpeg"), (WEBP, "image/webp")]
)
def test_a_logo_is_served_as_what_it_is_and_nothing_else(
    client: Client, page: ChatPage, content: bytes, media_type: str
) -> None:
    digest = put(client, page, content).json()["logo"]
    assert Client().get(f"/api/v1/chat/{page.token}").json()["logo"] == digest
    answer = Client().get(f"/chat/{page.token}/logo?v={digest}")
    assert (answer.content, answer.headers["Content-Type"]) == (content, media_type)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; img-src data:; sandbox"
    assert answer.headers["Cache-Control"] == "private, max-age=86400"


@pytest.mark.parametrize("content", [SVG, b"", b"GIF89a", b"<html>", b"\x89PNG\r\n\x1a\n<html>", b"RIFF....WAVE"])
def test_what_is_no_picture_is_no_logo(client: Client, page: ChatPage, content: bytes) -> None:
    refused = put(client, page, content)
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] in ("bad_image", "required", "blank")
    assert not Logo.objects.exists()


def test_a_logo_that_is_too_large_is_refused_with_its_size(client: Client, page: ChatPage) -> None:
    refused = put(client, page, build_png(filler=b"x" * MAX_IMAGE_BYTES))
    assert (refused.status_code, refused.json()["error"]["code"]) == (413, "too_large")
    assert "A logo may have 256 KB." in refused.json()["error"]["message"]


@pytest.mark.parametrize("text", ["not base64!", "\N{GRINNING FACE}", "A"])
def test_text_that_is_no_base64_is_refused(client: Client, page: ChatPage, text: str) -> None:
    url = f"/api/v1/flows/{page.flow_id}/chat-page/logo"
    refused = client.put(url, {"image": text}, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "bad_base64")


def test_a_logo_can_be_replaced_and_removed(client: Client, page: ChatPage) -> None:
    first, second = (put(client, page, content).json()["logo"] for content in (build_png(), JPEG))
    assert first != second
    assert Logo.objects.count() == 1
    for _ in range(2):
        assert client.delete(f"/api/v1/flows/{page.flow_id}/chat-page/logo").json()["logo"] is None
    assert Client().get(f"/chat/{page.token}/logo").status_code == 404
    assert list(AuditEntry.objects.filter(detail__endswith="logo").values_list("detail", flat=True)) == [
        "a logo",
        "a logo",
        "no logo",
    ]


def test_a_viewer_changes_no_logo(viewers_client: Client, page: ChatPage) -> None:
    assert put(viewers_client, page, build_png()).status_code == 403
    assert viewers_client.delete(f"/api/v1/flows/{page.flow_id}/chat-page/logo").status_code == 403


def test_what_browsers_load_is_for_those_to_whom_the_page_is_open(client: Client, page: ChatPage) -> None:
    put(client, page, build_png())
    pages.change_page(page, {"access": "members"}, SERVER)
    for name in ("logo", "icon.svg", "app.webmanifest"):
        assert client.get(f"/chat/{page.name}/{name}").status_code == 200
        assert Client().get(f"/chat/{page.name}/{name}").status_code == 404
        assert Client().get(f"/chat/{page.token}/{name}").status_code == 404


def test_the_page_is_installed_under_its_name_and_with_its_colour(client: Client, page: ChatPage) -> None:
    pages.change_page(page, {"title": "Mill desk", "colour": "navy"}, SERVER)
    answer = Client().get(f"/chat/{page.token}/app.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    manifest = answer.json()
    place = f"/chat/{page.token}"
    assert (manifest["name"], manifest["display"], manifest["theme_color"]) == ("Mill desk", "standalone", "#213a6b")
    assert {manifest[name] for name in ("id", "start_url", "scope")} == {place}
    [icon] = manifest["icons"]
    mark = Client().get(icon["src"])
    assert mark.headers["Content-Type"] == "image/svg+xml"
    assert "#213a6b" in mark.text
    put(client, page, build_png())
    [changed] = Client().get(f"{place}/app.webmanifest").json()["icons"]
    assert changed["src"] != icon["src"]
    assert base64.b64encode(build_png()).decode() in Client().get(changed["src"]).text
