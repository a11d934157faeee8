"""The REST API of flows and runs."""
