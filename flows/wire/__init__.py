"""How a run is heard: one file for each format, the HTTP response and the canvas's socket that carry them.

It reads runs and starts them by `flows.runs`; it stores nothing.
"""
