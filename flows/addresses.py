"""The names by which callers address a flow, in the API's addresses and as the model of a protocol. Sync.

A flow has one name, which its members may change, and keeps the old ones for as long as they want.
"""

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from actions.contract.errors import DomainError
from flows.models import MAX_ADDRESS_CHARACTERS, Flow, FlowAddress
from web.database import hold_lock
from web.errors import build_not_found
from web.lookups import ValueLookup

FlowReference = UUID | str
"""What a caller names a flow by: its id, or one of its address names."""
ADDRESS_PATTERN = r"[a-z0-9]+(?:-[a-z0-9]+)*"
ID_PATTERN = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
MAX_ALIASES = 20
"""Of one flow."""
RESERVED = frozenset({"import"})
"""Addresses of the API itself: `/api/v1/flows/import` brings flows in."""
NAMELESS = "flow"
"""The address of a flow whose name has no letter or digit that an address may have."""


class FlowNames(NamedTuple):
    """The address names of one flow."""

    current: str
    aliases: list[str]
    """The names that it had before and that still lead to it, in their order."""


class _FoundFlow(NamedTuple):
    flow_id: UUID


_find_address = ValueLookup(_FoundFlow, FlowAddress, "workspace_id", "name")


def find_flow_id(workspace_id: UUID, reference: FlowReference) -> UUID:
    """Return the id of the flow that is named; raises DomainError `not_found`. An id is not looked for."""
    if isinstance(reference, UUID):
        return reference
    found = _find_address(workspace_id, reference)
    if found is None:
        raise build_not_found()
    return found.flow_id


def map_names(flow_ids: Collection[UUID]) -> dict[UUID, FlowNames]:
    """Return the address names of the flows, by their ids."""
    rows = FlowAddress.objects.filter(flow_id__in=flow_ids).order_by("name")
    names = {flow_id: FlowNames("", []) for flow_id in flow_ids}
    for flow_id, name, is_current in rows.values_list("flow_id", "name", "is_current"):
        if is_current:
            names[flow_id] = FlowNames(name, names[flow_id].aliases)
        else:
            names[flow_id].aliases.append(name)
    return names


def give_first_address(flow: Flow) -> None:
    """Give a new flow an address that is like its name and that no other flow has. Within its transaction."""
    hold_lock("addresses of flows", flow.workspace_id)
    wanted = build_address(flow.name)
    taken = set(
        FlowAddress.objects.filter(workspace_id=flow.workspace_id, name__startswith=wanted).values_list(
            "name", flat=True
        )
    )
    free = choose_free(wanted, taken | RESERVED)
    FlowAddress.objects.create(flow=flow, workspace_id=flow.workspace_id, name=free)


def build_address(name: str) -> str:
    """Return an address that is like the name, short enough that a number fits behind it."""
    address = slugify(name).replace("_", "-")[: MAX_ADDRESS_CHARACTERS - 8]
    return re.sub(r"-{2,}", "-", address).strip("-") or NAMELESS


def choose_free(wanted: str, taken: Collection[str]) -> str:
    """Return the wanted address, with a number behind it when it is taken."""
    number, address = 1, wanted
    while address in taken:
        number += 1
        address = f"{wanted}-{number}"
    return address


def change_address(flow: Flow, name: str) -> None:
    """Make `name` the flow's address. The one that it had stays as an alias; an alias may become the address again.

    Raises DomainError `bad_address`, `address_taken`, `too_many_aliases`.
    """
    _require_address(name)
    addresses = FlowAddress.objects.filter(flow=flow)
    try:
        with transaction.atomic():
            hold_lock("addresses of flows", flow.workspace_id)
            addresses.exclude(name=name).update(is_current=None)
            addresses.update_or_create(
                flow=flow, name=name, defaults={"workspace_id": flow.workspace_id, "is_current": True}
            )
            if addresses.count() > MAX_ALIASES + 1:
                raise _build_too_many()
    except IntegrityError:
        message = f"Another flow has, or had, the address name {name!r}."
        hint = "Choose another name, or remove it from the old names of that flow."
        raise DomainError("invalid", "address_taken", message, field="address", hint=hint) from None


def keep_aliases(flow: Flow, kept: Iterable[str]) -> None:
    """Forget the old names of the flow that are not among those kept. Names that it never had are not added."""
    FlowAddress.objects.filter(flow=flow, is_current=None).exclude(name__in=list(kept)).delete()


def _require_address(name: str) -> None:
    if name in RESERVED or re.fullmatch(ADDRESS_PATTERN, name) is None or re.fullmatch(ID_PATTERN, name):
        message = f"{name[:100]!r} is no address name."
        hint = "Use small letters from a to z, digits, and single hyphens between them, such as support-desk."
        raise DomainError("invalid", "bad_address", message, field="address", hint=hint)


def _build_too_many() -> DomainError:
    message = f"The flow has {MAX_ALIASES} old names already."
    return DomainError(
        "invalid", "too_many_aliases", message, field="address", hint="Remove one that nobody calls any more."
    )
