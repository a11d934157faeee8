"""What the catalogue tells the browser of a property."""

from actions.contract.catalogue import describe_property
from actions.http.request import HttpRequestProperties
from actions.http.trigger import HttpTriggerProperties


def test_a_connection_that_may_be_left_out_is_chosen_like_any_other() -> None:
    told = describe_property("connection", HttpRequestProperties.model_fields["connection"])
    assert (told["type"], told["widget"], told["connection_kind"], told["modes"]) == (
        "connection",
        "connection",
        "http",
        ["literal"],
    )


def test_it_says_which_texts_are_taken_as_typed() -> None:
    assert describe_property("test_data", HttpTriggerProperties.model_fields["test_data"])["verbatim"]
    assert not describe_property("headers", HttpRequestProperties.model_fields["headers"])["verbatim"]
