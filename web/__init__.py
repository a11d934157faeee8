"""What every part needs to speak HTTP: strict bodies, one shape of refusal, security headers.

structlog is imported here, before any module of this package can import it.
"""

import sys


def _import_structlog() -> None:
    """Import structlog without what it imports only because it is installed, and no line of the log uses: 20 MB."""
    left_out = [name for name in ("greenlet", "rich", "twisted") if name not in sys.modules]
    sys.modules.update(dict.fromkeys(left_out))  # type: ignore[arg-type]  # for Python, None is a missing module
    try:
        import structlog as structlog
    finally:
        for name in left_out:
            del sys.modules[name]


_import_structlog()
