"""Servers that are watched: scraped for metrics, and sending traces. Over sockets, as in production."""
