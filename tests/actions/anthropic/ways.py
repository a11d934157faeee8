"""Runs the tests of a call over each way of reading its stream.

A way that does not pass them all is no choice: what it misses is listed here, and told when it no longer does.
"""

from collections.abc import Iterator

import pytest

from bench.source.readers import READERS, SDK_ON_HTTPX2, SDK_ON_OUR_TRANSPORT, read_by

NO_NAMES = "events without a name are passed over"
NO_JSON = "what is no JSON ends the answer before what came with it is given"
NO_LOOK = "the media type is believed, so that what is no stream ends at once"
MISSES = {
    (
        SDK_ON_HTTPX2,
        "test_a_failure_before_any_content_is_tried_again_only_where_that_may_help[a JSON answer]",
    ): NO_LOOK,
    (
        SDK_ON_OUR_TRANSPORT,
        "test_a_failure_before_any_content_is_tried_again_only_where_that_may_help[a JSON answer]",
    ): NO_LOOK,
    (SDK_ON_HTTPX2, "test_a_gateway_may_leave_out_the_names_of_events"): NO_NAMES,
    (SDK_ON_OUR_TRANSPORT, "test_a_gateway_may_leave_out_the_names_of_events"): NO_NAMES,
    (SDK_ON_HTTPX2, "test_what_comes_in_one_read_before_a_failure_is_handed_on[bad JSON]"): NO_JSON,
    (SDK_ON_OUR_TRANSPORT, "test_what_comes_in_one_read_before_a_failure_is_handed_on[bad JSON]"): NO_JSON,
    (
        SDK_ON_HTTPX2,
        "test_a_failure_before_any_content_is_tried_again_only_where_that_may_help[compressed]",
    ): "it is unpacked",
    (SDK_ON_HTTPX2, "test_a_line_without_an_end_is_cut_off"): "nothing bounds a line",
    (SDK_ON_HTTPX2, "test_an_address_that_is_no_longer_allowed_is_not_reached"): "no address is judged",
}


@pytest.fixture(params=READERS)
def every_way(request: pytest.FixtureRequest) -> Iterator[None]:
    way: str = request.param
    name = request.node.name.replace(f"{way}-", "").replace(f"[{way}]", "")
    if reason := MISSES.get((way, name)):
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    with read_by(way):
        yield
