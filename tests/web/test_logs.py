"""Logs: one line of JSON per event, and no key in any of them."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from web.logs import build_json_formatter
from web.middleware import request_id

CANARY = "sk-ant-canary-7Qm3vX9cJ2"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the server would have written, at DEBUG."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(build_json_formatter())
    logger = logging.getLogger("tests.logs")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield written
    logger.removeHandler(handler)


def get_logger() -> logging.Logger:
    return logging.getLogger("tests.logs")


WRITERS_OF_SECRETS = {
    "in a message": lambda: get_logger().info("called with %s", CANARY),
    "in a header": lambda: get_logger().info("Authorization: Bearer %s", "plain-secret-7Qm3vX9cJ2"),
    "in an API key": lambda: get_logger().info("used mr_live_abcdefgh_7Qm3vX9cJ2"),
    "in a link": lambda: get_logger().info("GET /sign-in/link/plain-secret-7Qm3vX9cJ2"),
    "in a field": lambda: structlog.get_logger("tests.logs").info("made", api_key="plain-7Qm3vX9cJ2"),
    "deep in a field": lambda: structlog.get_logger("tests.logs").info(
        "sent", request={"headers": [{"Authorization": "plain-7Qm3vX9cJ2"}]}
    ),
    "in a link, behind odd characters": lambda: get_logger().info(
        'GET /sign-in/link/?%%22"7Qm3vX9cJ2'.replace('"', "")
    ),
    "in a query": lambda: get_logger().info("WSCONNECT /ws/flows/1?after=3&ticket=7Qm3vX9cJ2 - -"),
    "in a query of another name": lambda: get_logger().info("https://x/y?X-Amz-Signature=7Qm3vX9cJ2#end"),
    "in basic credentials": lambda: get_logger().info("Authorization: Basic dXNlcjo3UW0zdlg5Y0oyN1FtM3ZYOWNKMg=="),
    "in an address": lambda: get_logger().info("proxy http://user:7Qm3vX9cJ2@proxy.example:3128"),
    "in the text of a cookie": lambda: get_logger().info("Cookie: a=b; sessionid=7Qm3vX9cJ2; csrftoken=7Qm3vX9cJ2"),
    "in an extra field": lambda: get_logger().info("made", extra={"ticket": "7Qm3vX9cJ2"}),
    "in a cookie": lambda: structlog.get_logger("tests.logs").info("got", cookies={"sessionid": "7Qm3vX9cJ2"}),
}


@pytest.mark.parametrize("write", WRITERS_OF_SECRETS.values(), ids=WRITERS_OF_SECRETS)
def test_no_line_holds_a_secret(lines: io.StringIO, write: object) -> None:
    assert callable(write)
    write()
    assert "[redacted]" in lines.getvalue()
    assert "7Qm3vX9cJ2" not in lines.getvalue()


def fail_with_a_key() -> None:
    api_key = CANARY
    raise ValueError(f"refused {api_key}")


def test_an_exception_is_told_without_values(lines: io.StringIO) -> None:
    try:
        fail_with_a_key()
    except ValueError:
        get_logger().exception("it failed")
    line = json.loads(lines.getvalue())
    assert "fail_with_a_key" in line["exception"]
    assert CANARY not in lines.getvalue()


def test_a_line_cannot_be_forged(lines: io.StringIO) -> None:
    get_logger().info('name\n{"event": "signed_in"}\u202e\x1b[31m')
    assert len(lines.getvalue().splitlines()) == 1
    assert lines.getvalue().isascii()
    assert "\x1b" not in lines.getvalue()


def test_what_counts_is_kept(lines: io.StringIO) -> None:
    structlog.get_logger("tests.logs").info("done", input_tokens=3, output_tokens=5)
    line = json.loads(lines.getvalue())
    assert (line["input_tokens"], line["output_tokens"], line["level"]) == (3, 5, "info")


def test_extra_fields_of_a_record_are_written(lines: io.StringIO) -> None:
    get_logger().info("draining", extra={"runs": 3, "request": object()})
    line = json.loads(lines.getvalue())
    assert line["runs"] == 3
    assert "request" not in line


def test_addresses_without_secrets_stay_as_they_are(lines: io.StringIO) -> None:
    text = "https://flows.example.com:8443/a?after=3&limit=5 of me@example.com, 3 tokens"
    get_logger().info(text)
    assert json.loads(lines.getvalue())["event"] == text


def test_a_line_carries_the_id_of_its_request(lines: io.StringIO) -> None:
    started = request_id.begin_request()
    get_logger().info("plain")
    structlog.get_logger("tests.logs").info("structured")
    assert [json.loads(line)["request_id"] for line in lines.getvalue().splitlines()] == [started, started]
