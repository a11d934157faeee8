"""Which form of an answer a client takes, for views that are DRF's."""

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request

from web.requests import read_accept


class ContentNegotiation(DefaultContentNegotiation):
    """DRF's own, but for an `Accept` that is empty, which DRF takes for one that no form fits."""

    def get_accept_list(self, request: Request) -> list[str]:
        return [media.strip() for media in read_accept(request._request).split(",")]
