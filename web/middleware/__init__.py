"""What every request and every answer passes, whichever part serves it: ASGI layers, Django's middleware, headers."""
