"""The server's settings for tests: a data folder that goes away, passwords that are quick to check.

The database is a file in that folder, or with `TEST_DATABASE_URL` a new database of that PostgreSQL server.
"""

import os
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet

for name in [name for name in os.environ if name.startswith("MILLRACE_")]:
    del os.environ[name]
_folder = tempfile.TemporaryDirectory(prefix="millrace-tests-")  # removed when the process ends
os.environ["MILLRACE_DATA_DIR"] = _folder.name
os.environ["MILLRACE_ENCRYPTION_KEYS"] = Fernet.generate_key().decode()
os.environ["MILLRACE_SECOND_FACTOR"] = "1"  # the room `sign_on`, which a server has where its settings ask for it
os.environ["MILLRACE_DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")

from config.settings import *  # noqa: E402, F403  (the folder must be named first)
from config.settings import DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MILLRACE_FRONTEND_DIR = Path(_folder.name) / "frontend"
if "TEST" not in DATABASES["default"]:
    DATABASES["default"]["TEST"] = {"NAME": f"test_millrace_{os.getpid()}"}
