"""A visitor adds files to a question: chosen, dropped and pasted; refused in words; there again after a reload."""

import struct
import zlib
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.accessibility.audit import PHONE, Audit
from tests.e2e.chat_page.asking import ask, last_turn, wait_for_answer
from tests.e2e.chat_page.pictures import take_picture
from tests.e2e.rest_calls import send

DROP = """([type, name, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, { type }));
  const target = document.querySelector("textarea");
  for (const kind of ["dragenter", "dragover", "drop"])
    target.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
}"""
PASTE = """([type, name, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, { type }));
  const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data });
  document.querySelector("textarea").dispatchEvent(event);
}"""


def build_picture(width: int = 320, height: int = 200, *, noise: int = 0) -> bytes:
    """Return a PNG: teal, with an orange wheel's band; `noise` bytes of a chunk that nobody reads."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\0" + b"\x0d\x8a\x82" * (width // 2) + b"\xd9\x6a\x08" * (width - width // 2)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"teXt", bytes(noise)) + chunk(b"IDAT", zlib.compress(row * height))
    return b"\x89PNG\r\n\x1a\n" + parts + chunk(b"IEND", b"")


def name_file(name: str, media_type: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": media_type, "buffer": content}


PICTURE = name_file("wheel.png", "image/png", build_picture())
NOTE = name_file("notes.md", "text/markdown", b"# The wheel\nIt turns.")


@pytest.fixture
def files_guest(signed_in: Page, link: str, guest: Page) -> Page:
    """The guest's page, after its flow was published so that it takes files."""
    flow_id = signed_in.url.rsplit("/flows/", 1)[1].split("?")[0].split("/")[0]
    flow = signed_in.evaluate("path => fetch(path).then((answer) => answer.json())", f"/api/v1/flows/{flow_id}")
    graph: dict[str, Any] = flow["graph"]
    for node in graph["nodes"]:
        if node["action"] == "chat.completion_trigger":
            node["properties"]["page_files"] = "all"
        if node["action"] == "anthropic.streaming_chat_completion":
            node["properties"]["files"] = {"expression": "chatCompletionRequest.files"}
    saved = send(signed_in, "PUT", f"/api/v1/flows/{flow_id}/graph", {"revision": flow["revision"], "graph": graph})
    path = f"/api/v1/flows/{flow_id}/versions/{saved['revision']}/publish"
    published = send(signed_in, "POST", path, {"environment": "production"})["published"]
    assert published["production"] == saved["revision"]
    guest.reload()
    expect(guest.get_by_role("button", name="Add files")).to_be_visible()
    return guest


def choose(guest: Page, *files: FilePayload) -> None:
    with guest.expect_file_chooser() as chooser:
        guest.get_by_role("button", name="Add files").click()
    chooser.value.set_files(list(files))


def drop(guest: Page, script: str, file: FilePayload) -> None:
    guest.evaluate(script, [file["mimeType"], file["name"], list(file["buffer"])])


def test_files_are_chosen_dropped_and_pasted_and_stay_with_their_question(files_guest: Page) -> None:
    guest, audit = files_guest, Audit(files_guest)
    button = guest.get_by_role("button", name="Add files")
    expect(button).to_have_accessible_description(
        "Up to 10 files, 16 MB together: PNG, JPEG, GIF or WebP images of up to 3.5 MB, PDF of up to 10 MB, "
        "texts (.txt, .md, .csv, .json) of up to 1 MB."
    )
    choose(guest, PICTURE, NOTE)
    drop(guest, DROP, name_file("dropped.png", "image/png", build_picture(90, 90)))
    drop(guest, PASTE, name_file("pasted.png", "image/png", build_picture(60, 60)))
    chips = guest.get_by_role("list", name="Files of the question").get_by_role("listitem")
    expect(chips).to_have_count(4)
    expect(chips.get_by_role("progressbar")).to_have_count(0)
    expect(chips.get_by_role("button", name="Show wheel.png")).to_be_visible()
    audit.judge_in_all_sizes("files before the question")
    take_picture(guest, "files-composer")
    guest.get_by_role("button", name="Remove dropped.png").press("Enter")
    expect(chips).to_have_count(3)
    expect(button).to_be_focused()

    ask(guest, "What turns here?")
    expect(chips).to_have_count(0)
    wait_for_answer(guest)
    sent = last_turn(guest).get_by_role("list", name="Files").get_by_role("listitem")
    expect(sent).to_have_count(3)
    guest.reload()
    expect(sent).to_have_count(3)
    picture = last_turn(guest).get_by_role("button", name="Show wheel.png")
    size = "(button) => button.firstChild.decode().then(() => button.firstChild.naturalWidth)"
    assert picture.evaluate(size) == 320
    audit.judge_in_all_sizes("files of a turn")
    take_picture(guest, "files-turn")
    guest.emulate_media(color_scheme="dark")
    guest.set_viewport_size(PHONE)
    take_picture(guest, "files-turn-narrow-dark")
    picture.press("Enter")
    dialog = guest.get_by_role("dialog", name="wheel.png")
    expect(dialog.get_by_role("img", name="wheel.png")).to_be_visible()
    take_picture(guest, "files-picture-narrow-dark")
    guest.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(picture).to_be_focused()
    with guest.expect_download() as download:
        last_turn(guest).get_by_role("button", name="Save notes.md").click()
    assert download.value.suggested_filename == "notes.md"
    assert download.value.path().read_bytes() == NOTE["buffer"]
    assert audit.faults == []


def test_an_edited_question_keeps_those_of_its_files_that_are_not_removed(files_guest: Page) -> None:
    guest = files_guest
    choose(guest, PICTURE, NOTE)
    expect(guest.get_by_role("progressbar")).to_have_count(0)
    ask(guest, "What turns here?")
    wait_for_answer(guest)
    last_turn(guest).get_by_role("button", name="Edit the question").click()
    guest.get_by_role("button", name="Remove wheel.png").click()
    guest.get_by_role("textbox", name="Question", exact=True).fill("And here?")
    guest.get_by_role("textbox", name="Question", exact=True).press("Enter")
    expect(last_turn(guest)).to_contain_text("And here?")
    wait_for_answer(guest)
    guest.reload()
    expect(guest.get_by_role("article")).to_have_count(1)
    expect(last_turn(guest).get_by_role("list", name="Files").get_by_role("listitem")).to_have_count(1)
    expect(last_turn(guest).get_by_role("button", name="Save notes.md")).to_be_visible()


def test_a_file_that_cannot_be_added_says_why_and_a_large_photo_is_made_smaller(files_guest: Page) -> None:
    guest, audit = files_guest, Audit(files_guest)
    drawing = name_file("mill.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    photo = name_file("photo.png", "image/png", build_picture(2400, 1800, noise=4_000_000))
    choose(
        guest, drawing, name_file("nothing.txt", "text/plain", b""), name_file("fake.png", "image/png", b"GIF"), photo
    )
    chips = guest.get_by_role("list", name="Files of the question").get_by_role("listitem")
    expect(chips).to_have_count(4)
    expect(chips.filter(has_text="mill.svg")).to_contain_text("This chat does not take such a file.")
    expect(chips.filter(has_text="nothing.txt")).to_contain_text("The file is empty.")
    expect(chips.filter(has_text="fake.png")).to_contain_text("This chat does not take 'fake.png'.")
    expect(chips.filter(has_text="photo.jpg")).to_be_visible()
    expect(guest.get_by_role("progressbar")).to_have_count(0)
    audit.judge_in_all_sizes("refused files")
    take_picture(guest, "files-refused")
    guest.set_viewport_size(PHONE)
    take_picture(guest, "files-refused-narrow")
    ask(guest, "What turns here?")
    wait_for_answer(guest)
    expect(last_turn(guest).get_by_role("list", name="Files").get_by_role("listitem")).to_have_count(1)
    assert audit.faults == []
