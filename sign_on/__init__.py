"""Signing in through an OpenID Connect provider, and the second factor. Both stand on django-allauth.

The room is optional: without the extra `sso`, or without its settings, nothing of it is imported and it has no
address. `workspaces` knows it by `workspaces.second_factor.sign_on` alone. allauth serves no page and no address of
its own here: this room calls it, and answers in the form of the API.
"""
