"""The prices of models over REST: everybody who sees usage sees them, admins set the workspace's own."""

from decimal import Decimal
from typing import Any, ClassVar, cast
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from flows.api.usage import shapes
from flows.models import MAX_MODEL_CHARACTERS, ModelPrice
from flows.usage.known_prices import KNOWN_AS_OF, KNOWN_PRICES, PRICE_PARTS
from flows.usage.prices import list_prices, read_prices, remove_price, set_price
from web.drf.serializers import NumberField, StrictSerializer, TextField
from web.openapi import Answer, operation
from workspaces.access import Permission
from workspaces.api.base import WorkspaceView

MILLIONTH = Decimal("0.000001")
MAX_PRICE = 100_000
"""In dollars. It is far above any price, and what costs more was written in another unit."""


class PriceField(NumberField):
    """Dollars; a part below a millionth is rounded."""

    def __init__(self) -> None:
        super().__init__(min_value=0, max_value=MAX_PRICE, allow_null=True, default=None)


class NewPrice(StrictSerializer):
    """What is left out has no price."""

    model = TextField(max_length=MAX_MODEL_CHARACTERS)
    prompts = serializers.ChoiceField(
        choices=("any", "long"), default="any", error_messages={"invalid_choice": "This must be any or long."}
    )
    since = serializers.DateField(default=lambda: timezone.now().date())
    input = PriceField()
    output = PriceField()
    cache_read = PriceField()
    cache_write_5m = PriceField()
    cache_write_1h = PriceField()
    web_search = PriceField()

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if all(given[part] is None for part in PRICE_PARTS):
            raise serializers.ValidationError({"input": ["Give at least one price."]}, code="no_price")
        return given


class Prices(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view", "POST": "admin"}

    @operation("list_prices", "usage", Answer(shapes.PriceList))
    def get(self, request: Request) -> Response:
        """List the prices of models: the workspace's own, then those that the product knows."""
        own = [_describe_price(row) for row in list_prices(self.caller.workspace_id)]
        known: list[dict[str, Any]] = [
            {"id": None, "model": model, "prompts": prompts, "since": None, **prices}
            for (model, prompts), prices in KNOWN_PRICES.items()
        ]
        return Response({"known_as_of": KNOWN_AS_OF.isoformat(), "currency": "USD", "prices": [*own, *known]})

    @operation("set_price", "usage", Answer(shapes.Price, 201), body=NewPrice)
    def post(self, request: Request) -> Response:
        """Set what a model costs the workspace from a day on, in place of its price of the same day."""
        given = self.read(NewPrice)
        prices = {part: _round(given[part]) for part in PRICE_PARTS}
        row = set_price(
            self.caller.workspace_id, given["model"], given["prompts"], given["since"], prices, self.caller.actor
        )
        return Response(_describe_price(row), status=201)


class PriceItem(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"DELETE": "admin"}

    @operation("remove_price", "usage", Answer(status=204))
    def delete(self, request: Request, price_id: UUID) -> Response:
        """Remove a price that the workspace has set."""
        remove_price(self.caller.workspace_id, price_id, self.caller.actor)
        return Response(status=204)


def _round(dollars: float | None) -> Decimal | None:
    return None if dollars is None else Decimal(dollars).quantize(MILLIONTH)


def _describe_price(row: ModelPrice) -> dict[str, Any]:
    head = {"id": str(row.pk), "model": row.model, "prompts": row.prompts, "since": row.since.isoformat()}
    return {**head, **cast(dict[str, Any], read_prices(row))}
