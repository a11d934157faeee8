"""Wiring: settings, addresses and the ASGI application."""
