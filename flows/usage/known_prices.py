"""The prices of models that the product knows, in dollars. Pure.

They are what the vendor's public price list said on `KNOWN_AS_OF`. What it did not say is None, and no rule fills it.
"""

import re
from datetime import date
from typing import Literal, get_args

from typing_extensions import TypedDict

Prompts = Literal["any", "long"]
"""The prompts that a price is for: any, or those of more than 100,000 tokens alone."""
PricePart = Literal["input", "output", "cache_read", "cache_write_5m", "cache_write_1h", "web_search"]
PRICE_PARTS: tuple[PricePart, ...] = get_args(PricePart)

KNOWN_AS_OF = date(2026, 11, 23)
WEB_SEARCHES = 10.0
"""A thousand, with every model of the vendor."""
_DATED = re.compile(r"-20\d{6}\Z")


class TokenPrices(TypedDict):
    """Dollars for a million tokens, and for a thousand web searches. None: not known."""

    input: float | None
    output: float | None
    cache_read: float | None
    cache_write_5m: float | None
    cache_write_1h: float | None
    web_search: float | None


def _price(
    input: float,
    output: float,
    *,
    read: float | None = None,
    write_5m: float | None = None,
    write_1h: float | None = None,
) -> TokenPrices:
    return TokenPrices(
        input=input,
        output=output,
        cache_read=read,
        cache_write_5m=write_5m,
        cache_write_1h=write_1h,
        web_search=WEB_SEARCHES,
    )


def _price_usually(input: float, output: float) -> TokenPrices:
    """Return prices of a model for which the vendor's usual rule for caches is known to hold."""
    return _price(input, output, read=input / 10, write_5m=input * 1.25, write_1h=input * 2)


KNOWN_PRICES: dict[tuple[str, Prompts], TokenPrices] = {
    ("claude-fable-5-2", "any"): _price(8, 40),
    ("claude-mythos-5-2", "any"): _price(8, 40),
    ("claude-fable-5-1", "any"): _price(10, 50, read=0.25),
    ("claude-mythos-5-1", "any"): _price(10, 50, read=0.25),
    ("claude-opus-5-5", "any"): _price(4, 20),
    ("claude-sonnet-5-5", "any"): _price(2, 10, read=0.2, write_5m=2.5, write_1h=4),
    ("claude-haiku-5-5", "any"): _price(0.1, 0.5, write_5m=0.125),
    ("claude-haiku-5-5", "long"): _price(0.5, 2.5, write_5m=0.625),
    ("claude-opus-5", "any"): _price_usually(5, 25),
    ("claude-sonnet-5", "any"): _price_usually(2, 10),
    ("claude-opus-4-8", "any"): _price_usually(5, 25),
    ("claude-opus-4-7", "any"): _price_usually(5, 25),
    ("claude-opus-4-6", "any"): _price_usually(5, 25),
    ("claude-sonnet-4-6", "any"): _price_usually(3, 15),
    ("claude-opus-4-5", "any"): _price_usually(5, 25),
    ("claude-sonnet-4-5", "any"): _price_usually(3, 15),
    ("claude-haiku-4-5", "any"): _price_usually(1, 5),
}


def find_known_prices(model: str, prompts: Prompts) -> TokenPrices | None:
    """Return the prices of a model, by its name or its dated one; None when they are not known."""
    for name in (model, _DATED.sub("", model)):
        prices = KNOWN_PRICES.get((name, prompts)) or KNOWN_PRICES.get((name, "any"))
        if prices:
            return prices
    return None
