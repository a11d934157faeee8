"""Executes a plan in one task and tells what happens. Pure: it knows no database, no log, no HTTP."""
