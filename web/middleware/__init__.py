"""The layers that every request and every answer passes: ASGI layers, Django's middleware, security headers."""
