"""The Model Context Protocol: flows as tools of a client, over Streamable HTTP, in both generations of the protocol."""
