"""Copies of what a server keeps: backups, and the way from an SQLite file to a PostgreSQL server."""
