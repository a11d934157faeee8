"""What the tests of the way out share: calls, answers of one text, and certificates."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from actions.network.policy import NetworkPolicy
from actions.network.transport import GuardedTransport
from tests.actions.anthropic.upstream import END, Step, chunk, head


async def get(transport: GuardedTransport, url: str, **options: Any) -> httpx2.Response:
    async with httpx2.AsyncClient(transport=transport, trust_env=False) as client:
        return await client.get(url, **options)


def allow(*hosts: str) -> NetworkPolicy:
    """Return a policy that allows each `host:port`."""
    return NetworkPolicy(frozenset(hosts))


def script_answer(body: bytes, **headers: str) -> list[Step]:
    return [head(200, "text/plain", **headers), chunk(body), END]


class Certificate:
    """A certificate for good.example and 127.0.0.1 that only its own client trusts."""

    def __init__(self, folder: Path) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "good.example")])
        now = datetime.now(UTC)
        addresses = x509.IPAddress(ip_address("127.0.0.1"))
        names = x509.SubjectAlternativeName([x509.DNSName("good.example"), addresses])
        signed = (
            x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
            .add_extension(names, critical=False)
            .sign(key, hashes.SHA256())
        )
        self.path = folder / "certificate.pem"
        self.path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + signed.public_bytes(serialization.Encoding.PEM)
        )

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path)
        return context

    def client(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.path))
