"""The REST API of collections."""
