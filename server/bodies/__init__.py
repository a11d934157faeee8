"""Bodies of requests: how large they may be, whose turn it is to be read, and where they wait."""
