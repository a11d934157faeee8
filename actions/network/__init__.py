"""The one way out to other servers: which addresses may be reached, and the transport that obeys.

It knows HTTP and no action, no vendor and no flow.
"""
