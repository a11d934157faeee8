"""Adapts Django REST framework: a strict parser and serializers, one shape of error, and the base class of views."""
