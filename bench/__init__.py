"""Measures what Millrace costs beside a bare relay, in one run on one machine: `make bench`."""
