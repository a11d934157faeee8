"""Who did what in a workspace: entries are recorded with the deed, searched and exported. Nothing changes one."""
