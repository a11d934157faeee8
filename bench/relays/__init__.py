"""The relays that Millrace is measured beside."""
