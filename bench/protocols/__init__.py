"""What the protocols of other servers cost beside our own: `python -m bench.protocols`."""
