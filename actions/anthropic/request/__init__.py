"""The body of a request, made from the properties of a chat completion. Pure: it sends nothing."""
