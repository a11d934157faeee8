"""Sends traces of runs by OpenTelemetry. The one room that knows it, imported only where its variables ask for it."""
