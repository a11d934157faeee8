"""Checks before a run that a collection can be used with the embedder that hangs below an action. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from actions.contract.errors import Problem
from actions.vectors.embedding import CollectionFacts, EmbedderIdentity


def check_embedder(known: Mapping[str, Any], attached: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the problem that a run would end with; nothing where the collection or the embedder is not known yet."""
    facts = known.get("collection")
    if not isinstance(facts, CollectionFacts):
        return
    identity = attached.get("text_embedder")
    if "text_embedder" not in attached:
        mismatch = None if facts.has_embedder else facts.describe_missing_embedder()
    elif isinstance(identity, EmbedderIdentity):
        mismatch = facts.find_mismatch(identity)
    else:
        mismatch = None
    if mismatch:
        yield Problem("embedder_mismatch", mismatch.message, "collection", hint=mismatch.hint)
