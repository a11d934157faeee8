"""Runs nginx and Caddy in front of a server, with the very configurations of `deploy/`."""

import datetime
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bench.targets import ROOT, find_free_port, wait_for_port

HOST = "flows.example.com"
FILES = {"nginx": ROOT / "deploy" / "nginx.conf", "caddy": ROOT / "deploy" / "Caddyfile"}
WRAPPERS = {
    "nginx": "{user}daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
    "http {{ access_log {folder}/access.log; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
    "fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n{block}}}\n",
    "caddy": "{{\n    admin off\n    auto_https off\n}}\n{block}",
}
"""What stands around the file: where a test may write, and no rights that it does not have."""


@contextmanager
def run_proxy(
    kind: str, port: int, server_port: int, folder: Path, sub_path: str = "", fault: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Run a proxy that speaks HTTPS on `port`, for the server on `server_port`, until the block is left.

    With a `sub_path` it passes on what is below that alone, as the file says. A `fault` has what stands in the
    configuration in place of what.
    """
    file = folder / f"{kind}.conf"
    text = _build_configuration(kind, port, server_port, folder, sub_path)
    for right, wrong in (fault or {}).items():
        assert right in text
        text = text.replace(right, wrong)
    file.write_text(text)
    command = {
        "nginx": ["nginx", "-p", str(folder), "-c", str(file)],
        "caddy": ["caddy", "run", "--config", str(file), "--adapter", "caddyfile"],
    }
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "output.log").open("wb") as output:
        child = subprocess.Popen(command[kind], env=environment, stdout=output, stderr=output)
    try:
        wait_for_port(port)
        yield
    finally:
        child.terminate()
        child.wait(10)


def _build_configuration(kind: str, port: int, server_port: int, folder: Path, sub_path: str) -> str:
    """Return the file of `deploy/` with the ports, the certificate and the path that a test needs."""
    block = FILES[kind].read_text("utf-8")
    if sub_path:
        block = re.sub(r"^( +location )/", rf"\1{sub_path}/", block, flags=re.MULTILINE)
        redirect = rf"\tredir {sub_path} {sub_path}/\n" + rf"\1{sub_path}/* "
        block = re.sub(r"^(\t+reverse_proxy )", redirect, block, flags=re.MULTILINE)
    changes = {"127.0.0.1:8000": f"127.0.0.1:{server_port}", **_list_changes(kind, port, *_write_certificate(folder))}
    for old, new in changes.items():
        assert old in block, f"{FILES[kind].name} lacks {old!r}"
        block = block.replace(old, new)
    user = "user root; " if os.geteuid() == 0 else ""
    return WRAPPERS[kind].format(folder=folder, block=block, user=user)


def _list_changes(kind: str, port: int, certificate: Path, key: Path) -> dict[str, str]:
    if kind == "nginx":
        return {
            "listen 80;": f"listen 127.0.0.1:{find_free_port()};",
            "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
            "/etc/ssl/flows.example.com.pem": str(certificate),
            "/etc/ssl/flows.example.com.key": str(key),
        }
    return {f"{HOST} {{": f"https://{HOST}:{port} {{\n    bind 127.0.0.1\n    tls {certificate} {key}"}


def _write_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for the host that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
    signed = builder.sign(key, hashes.SHA256())
    files = folder / "certificate.pem", folder / "certificate.key"
    files[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.TraditionalOpenSSL
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption()))
    return files


def is_installed(kind: str) -> bool:
    return shutil.which(kind) is not None
