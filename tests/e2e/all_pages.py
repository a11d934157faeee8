"""The pages that stand in the navigation or the menu of a person, by their paths."""

PAGES = [
    *("flows", "flows/templates", "connections", "variables", "collections", "api-keys"),
    *("queue", "usage", "members", "audit-log", "account", "stream-check"),
]
