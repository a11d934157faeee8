"""What tokens cost: the prices that the product knows, and those of a workspace, which win from their day on. Sync.

No price is guessed. Tokens without a price are left out of a cost, and whoever shows it is told which.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.db import transaction

from flows.events.model_tokens import ModelTokens, Tariff
from flows.models import ModelPrice
from flows.usage.known_prices import PRICE_PARTS, PricePart, Prompts, TokenPrices, find_known_prices
from web.errors import build_not_found
from workspaces.audit.record import Actor, Subject, record

SIMULATED = "simulated"
PER: dict[PricePart, float] = {**dict.fromkeys(PRICE_PARTS, 1e6), "web_search": 1e3}
"""Of how many tokens, or searches, the price is."""


FIRST_COUNT = ModelTokens._fields.index("input")
"""From there on the fields of `ModelTokens` are what has a price, in the order of `PRICE_PARTS`."""
NOTHING = frozenset[PricePart]()


class Cost(NamedTuple):
    """What some tokens cost, in dollars."""

    dollars: float
    unpriced: frozenset[PricePart]
    """What of them has no price, and is not in the sum. Nothing of the simulator's is: that costs nothing."""


def compute_cost(tokens: ModelTokens, prices: TokenPrices | None) -> Cost:
    """Return what the tokens cost; None as prices stands for a model without any.

    What is not used is not looked at.
    """
    dollars, unpriced = 0.0, set[PricePart]()
    counts: tuple[Any, ...] = tokens[FIRST_COUNT:]
    for part, count in zip(PRICE_PARTS, counts, strict=True):
        if not count:
            continue
        price = prices and prices[part]
        if price is not None:
            dollars += count * price / PER[part]
        else:
            unpriced.add(part)
    return Cost(dollars, frozenset(unpriced) if unpriced else NOTHING)


@dataclass(frozen=True, slots=True, eq=False)
class Rate:
    """What tokens of one model are charged by. In one table, days with the same prices have the very same rate."""

    model: str
    tariff: Tariff
    prices: TokenPrices | None
    """None when nobody knows them."""

    def compute(self, tokens: ModelTokens) -> Cost:
        if self.tariff == SIMULATED:
            return Cost(0.0, NOTHING)
        return compute_cost(tokens, self.prices)


@dataclass(slots=True)
class PriceTable:
    """The prices that hold in one workspace. It keeps what it has found, because a report asks for the same again."""

    own: dict[tuple[str, str], list[tuple[date, TokenPrices]]] = field(default_factory=dict)
    """By model and kind of prompts, the newest first."""
    _found: dict[tuple[str, str, date], Rate] = field(default_factory=dict)
    _rates: dict[tuple[str, str, int], Rate] = field(default_factory=dict)
    """By model, tariff and the identity of the prices."""

    def find(self, model: str, tariff: Tariff, day: date) -> Rate:
        """Return the rate of a model on a day."""
        key = (model, tariff, day)
        found = self._found.get(key)
        if found is None:
            prices = self._look_up(model, tariff, day)
            found = self._rates.setdefault((model, tariff, id(prices)), Rate(model, tariff, prices))
            self._found[key] = found
        return found

    def compute(self, tokens: ModelTokens, day: date) -> Cost:
        """Return what the tokens of a day cost."""
        return self.find(tokens.model, tokens.tariff, day).compute(tokens)

    def _look_up(self, model: str, tariff: str, day: date) -> TokenPrices | None:
        if tariff == "long" and (prices := self._find_own(model, "long", day)):
            return prices
        return self._find_own(model, "any", day) or find_known_prices(model, "long" if tariff == "long" else "any")

    def _find_own(self, model: str, prompts: Prompts, day: date) -> TokenPrices | None:
        return next((prices for since, prices in self.own.get((model, prompts), ()) if since <= day), None)


def read_price_table(workspace_id: UUID) -> PriceTable:
    table = PriceTable()
    for row in list_prices(workspace_id):
        table.own.setdefault((row.model, row.prompts), []).append((row.since, read_prices(row)))
    return table


def list_prices(workspace_id: UUID) -> list[ModelPrice]:
    """Return the workspace's own prices, by model, the newest first."""
    return list(ModelPrice.objects.filter(workspace_id=workspace_id).order_by("model", "prompts", "-since"))


def read_prices(row: ModelPrice) -> TokenPrices:
    values = {part: getattr(row, part) for part in PRICE_PARTS}
    return cast(TokenPrices, {part: None if value is None else float(value) for part, value in values.items()})


def set_price(
    workspace_id: UUID, model: str, prompts: Prompts, since: date, prices: dict[PricePart, Decimal | None], by: Actor
) -> ModelPrice:
    """Store what a model costs from a day on, in place of a price of the same day."""
    key: dict[str, Any] = {"workspace_id": workspace_id, "model": model, "prompts": prompts, "since": since}
    fields: dict[str, Any] = {str(part): price for part, price in prices.items()}
    with transaction.atomic():
        row, _ = ModelPrice.objects.update_or_create(**key, defaults=fields)
        record(workspace_id, by, "price.set", Subject(row.pk, model), f"from {since}")
    return row


def remove_price(workspace_id: UUID, price_id: UUID, by: Actor) -> None:
    """Remove a price of the workspace; raises DomainError `not_found`. The one before it holds again."""
    with transaction.atomic():
        row = ModelPrice.objects.filter(workspace_id=workspace_id, pk=price_id).first()
        if row is None:
            raise build_not_found()
        record(workspace_id, by, "price.removed", Subject(row.pk, row.model), f"from {row.since}")
        row.delete()
