"""What the catalogue tells the browser of a property."""

from typing import Any, Literal

import pytest
from pydantic import ValidationError, create_model

from actions.contract.catalogue import describe_property
from actions.contract.properties import prop
from actions.contract.property_types import PROPERTY_TYPES, CollectionRef, FlowId, Ref, VariableName
from actions.http.connection import HttpConnection
from actions.http.request import HttpRequestProperties
from actions.http.trigger import HttpTriggerProperties
from actions.vectors.save_vectors import SaveVectorsProperties
from document_collections.models import Collection
from flows.graph.property_value import validate_property
from flows.runs.run_services import NAME_READERS


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


@pytest.mark.parametrize(
    ("annotation", "name"),
    [(str | None, "text"), (float, "number"), (int, "integer"), (bool, "boolean"), (dict[str, int], "json"),
     (list[str], "list"), (object, "any"), (Ref[HttpConnection], "connection"), (CollectionRef, "collection"),
     (FlowId, "flow"), (VariableName, "variable_name"), (Literal["a", "b"], "text")],
)  # fmt: skip
def test_the_type_of_a_property_follows_from_its_annotation(annotation: Any, name: str) -> None:
    field = create_model("Model", value=(annotation, prop("A value."))).model_fields["value"]
    assert describe_property("value", field)["type"] == name


def test_every_type_with_names_of_the_workspace_has_a_reader_of_them() -> None:
    assert NAME_READERS.keys() == {row.name for row in PROPERTY_TYPES if row.source == "workspace"}


def test_a_collection_is_named_by_what_a_collection_can_be_called() -> None:
    longest = Collection._meta.get_field("name").max_length
    assert longest is not None
    assert validate_property(SaveVectorsProperties, "collection", "x" * longest)
    with pytest.raises(ValidationError):
        validate_property(SaveVectorsProperties, "collection", "x" * (longest + 1))
