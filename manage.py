#!/usr/bin/env python
"""Run a management command: `python manage.py help` lists them."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:  # a setting is wrong: its sentence says more than a traceback
        sys.exit(f"Millrace cannot start. {error}")
    except OperationalError as error:  # the same for a database that cannot be reached
        from server.preflight import describe_failure  # which needs the settings

        sys.exit(f"Millrace cannot go on. {describe_failure(error)}")
