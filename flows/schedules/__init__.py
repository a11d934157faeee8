"""Starts flows when they are due. What is due is in the rows that publications write: `flows.versions.schedules`."""
