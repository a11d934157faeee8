"""How a request names its visitor: by a cookie, or by a header in a frame of another site's page. Pure."""

from django.conf import settings

VISITOR_COOKIE = f"{settings.MILLRACE_COOKIE_PREFIX}millrace_visitor"
VISITOR_HEADER = "X-Chat-Visitor"
