"""The life of a server process: how it starts, what it does at leisure, how it ends, and its outermost ASGI layers.

It knows flows and the parts below; only `config` knows it.
"""
