"""Wires the parts together: settings, addresses and the ASGI application."""
