"""The run log: written before it is shown, read from a cursor, archived, and expired.

It knows rows and events, and no run's task, no reader's format and no HTTP.
"""
