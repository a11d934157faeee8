"""The commands of a server: serve, backup and restore."""
