"""The life of a run: prepared, started, cancelled, recovered. Here engine, log and database meet.

It knows no view, no socket and no format: they call it.
"""
