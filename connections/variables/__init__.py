"""The variables of workspaces: stored, changed, and loaded for runs."""
