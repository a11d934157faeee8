"""A worker with what only the experiments need."""

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from server.processes.worker import main
    from tests.faults.rigging import rig_process

    rig_process()
    raise SystemExit(main())
