"""Who may do what: people, workspaces, roles and API keys. Knows no flow and no connection."""
