"""The weight of a value: a character weighs 1, and each value NODE_WEIGHT more. Pure."""

from typing import Any

NODE_WEIGHT = 16


def weigh(value: Any, limit: int) -> int:
    """Return the weight of a value, or some number above `limit` when it is heavier: the rest is not looked at.

    The event loop does this before each evaluation: the names of a map are added up at once, not one by one.
    """
    weight = 0
    waiting = [value]
    while waiting and weight <= limit:
        item = waiting.pop()
        weight += NODE_WEIGHT
        if isinstance(item, str):
            weight += len(item)
        elif isinstance(item, dict | list | tuple):
            least = weight + len(item) * NODE_WEIGHT
            if least > limit:
                return least
            if isinstance(item, dict):
                weight = least + sum(map(len, item))
            waiting += item.values() if isinstance(item, dict) else item
    return weight
