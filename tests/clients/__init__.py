"""The libraries with which people read our streams, against a real server, through proxies that cut and compress."""
