"""`make bench`: what Millrace costs beside a bare relay, measured in one run on one machine."""
