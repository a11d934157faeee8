"""What tokens cost: by known prices, by the workspace's own from their day on, and never by a guess."""

from datetime import date
from decimal import Decimal

import pytest

from flows.events.model_tokens import ModelTokens
from flows.usage.known_prices import PRICE_PARTS
from flows.usage.prices import PriceTable, read_price_table, set_price
from workspaces.audit.record import SERVER
from workspaces.models import Workspace

DAY = date(2026, 11, 20)
MILLION = ModelTokens("claude-sonnet-5-5", "usual", 1, 1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000)


def test_each_part_has_its_price() -> None:
    cost = PriceTable().compute(MILLION, DAY)
    assert cost.dollars == pytest.approx(2 + 10 + 0.2 + 2.5 + 4 + 10)
    assert not cost.unpriced


@pytest.mark.parametrize(
    ("tokens", "dollars", "unpriced"),
    [
        (MILLION._replace(model="a model of next year"), 0, set(PRICE_PARTS)),
        (ModelTokens("claude-opus-5-5", "usual", 1, 1_000_000, 0, 5_000), 4, {"cache_read"}),
        (ModelTokens("claude-haiku-4-5-20251001", "usual", 1, 1_000_000), 1, set()),
        (ModelTokens("claude-haiku-5-5", "usual", 1, 1_000_000), 0.1, set()),
        (ModelTokens("claude-haiku-5-5", "long", 1, 1_000_000), 0.5, set()),
        (ModelTokens("claude-opus-5", "long", 1, 1_000_000), 5, set()),
        (MILLION._replace(tariff="simulated"), 0, set()),
    ],
)
def test_what_has_no_price_is_named_and_left_out(tokens: ModelTokens, dollars: float, unpriced: set[str]) -> None:
    cost = PriceTable().compute(tokens, DAY)
    assert cost.dollars == pytest.approx(dollars)
    assert set(cost.unpriced) == unpriced


@pytest.mark.django_db
def test_an_own_price_holds_from_its_day_on(workspace: Workspace, other_workspace: Workspace) -> None:
    prices = {part: Decimal(3) if part == "input" else None for part in PRICE_PARTS}
    set_price(workspace.pk, "claude-sonnet-5-5", "any", DAY, prices, SERVER)
    tokens = ModelTokens("claude-sonnet-5-5", "usual", 1, 1_000_000)
    table = read_price_table(workspace.pk)
    assert [table.compute(tokens, day).dollars for day in (date(2026, 11, 19), DAY, date(2026, 12, 1))] == [2, 3, 3]
    assert read_price_table(other_workspace.pk).compute(tokens, DAY).dollars == 2
