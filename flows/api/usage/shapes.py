"""The usage of a workspace, and prices, as JSON. Pure: types only. Costs and prices are in US dollars."""

from typing import Annotated, Literal

from pydantic import WithJsonSchema

from flows.caller_kinds import CallerKind
from flows.usage.known_prices import PricePart, Prompts
from web.shapes import Shape

DayText = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]


class TokenCounts(Shape):
    """`input` is what was neither read from a cache nor written to one."""

    input: int
    output: int
    cache_read: int
    cache_write: int


class UsageFigures(Shape):
    """What some runs cost. `cost` leaves out the tokens of `unpriced` models that have no price.

    The times to the first chunk are within 5 % of the true ones; null when no run had a chunk.
    """

    runs: int
    failed: int
    cancelled: int
    tokens: TokenCounts
    cost: float
    unpriced: list[str]
    first_chunk_p50_ms: int | None
    first_chunk_p95_ms: int | None


class DayUsage(UsageFigures):
    day: DayText


class FlowUsage(UsageFigures):
    """`exists` is false when the flow was deleted; the name is then its last one, as far as it is known."""

    flow: str
    name: str
    exists: bool


class VersionUsage(FlowUsage):
    number: int


class KeyUsage(UsageFigures):
    """The runs of an API key, or of all members, visitors of chat pages or schedules together, which have no `key`.

    `caller` is null for runs without a key of days on which the kinds were not told apart yet. `exists` is false when
    the key was revoked.
    """

    caller: CallerKind | None
    key: str | None
    name: str
    exists: bool


class ModelUsage(Shape):
    """The answers of a model. `unpriced` names what of its tokens has no price and is not in `cost`.

    The name is empty for tokens of old runs of which nothing tells the model any more. What the demo's simulator
    answered, `is_simulated`, costs nothing.
    """

    model: str
    is_simulated: bool
    answers: int
    tokens: TokenCounts
    cost: float
    unpriced: list[PricePart]


class LeftOut(Shape):
    """How many flows, versions and keys with fewer runs are not in the lists."""

    flows: int
    versions: int
    keys: int


class WorkspaceUsage(Shape):
    """The usage of some days, by the day in UTC on which runs ended. `keys` is null for everybody but admins."""

    first_day: DayText
    last_day: DayText
    total: UsageFigures
    days: list[DayUsage]
    flows: list[FlowUsage]
    versions: list[VersionUsage]
    keys: list[KeyUsage] | None
    models: list[ModelUsage]
    left_out: LeftOut


class Price(Shape):
    """Dollars for a million tokens of a model, and for a thousand web searches; null where it is not known.

    `id` and `since` are null for a price that the product knows; the workspace's own ones win from `since` on.
    """

    id: str | None
    model: str
    prompts: Prompts
    since: DayText | None
    input: float | None
    output: float | None
    cache_read: float | None
    cache_write_5m: float | None
    cache_write_1h: float | None
    web_search: float | None


class PriceList(Shape):
    """`known_as_of` is the day of the vendor's price list that the product knows."""

    known_as_of: DayText
    currency: Literal["USD"]
    prices: list[Price]
