"""Which addresses a connection may reach. One rule for every kind, checked at save and again at connect.

Pure: it judges what it is shown and opens nothing. `actions.network.transport` opens sockets by this rule.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

MAX_URL_CHARACTERS = 500

# Ranges in which an IPv6 address carries an IPv4 one: mapped, compatible, NAT64 and 6to4. None is needed to
# reach a public API, and each has been a way around a check that looked at the IPv6 form alone.
IPV4_CARRYING_NETWORKS = tuple(
    IPv6Network(network) for network in ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")
)
INTERNAL_SUFFIXES = (".localhost", ".local", ".internal", ".localdomain", ".home.arpa")
DEFAULT_PORTS = {"http": 80, "https": 443}
URL_PATTERN = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?(?P<path>/.*)?",
    re.IGNORECASE,
)
PATH_PATTERN = re.compile(r"(?:/[A-Za-z0-9._~%-]+)*/?")
LABEL_PATTERN = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
NUMBER_PATTERN = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True, slots=True)
class NetworkPolicy:
    """The server's word on private addresses: `private` lists the `host:port` pairs it allows."""

    private: frozenset[str] = frozenset()

    def is_allowed(self, host: str, port: int) -> bool:
        name = f"[{host}]" if ":" in host and not host.startswith("[") else host
        return f"{name}:{port}".lower() in self.private


def check_url(value: str, policy: NetworkPolicy) -> str:
    """Return `value` in its normal form, without a slash at the end, or raise ValueError with a sentence.

    Accepts https to a public host; http and private hosts only where the policy allows their host and port.
    The grammar is narrower than any URL parser's, so that two parsers cannot read one address differently.
    """
    _refuse_characters(value)
    match = URL_PATTERN.fullmatch(value)
    if match is None:
        raise ValueError("This is not a web address. Write it like https://api.anthropic.com.")
    scheme, host = match["scheme"].lower(), match["host"].lower()
    port = _read_port(scheme, match["port"])
    if not policy.is_allowed(host, port):
        _refuse_private(scheme, host)
    return f"{scheme}://{host}{_write_port(scheme, port)}{_read_path(match['path'])}"


def is_public(address: str) -> bool:
    """Return whether an IP address belongs to the public internet and to nothing nearer."""
    ip = ip_address(address.split("%")[0])
    if isinstance(ip, IPv6Address) and (ip.is_site_local or any(ip in network for network in IPV4_CARRYING_NETWORKS)):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _refuse_characters(value: str) -> None:
    if not value:
        raise ValueError("The address is empty. Write it like https://api.anthropic.com.")
    if len(value) > MAX_URL_CHARACTERS:
        raise ValueError(f"The address is longer than {MAX_URL_CHARACTERS} characters.")
    if any(character <= " " or character == "\x7f" for character in value):
        raise ValueError("The address holds a space or a line break. Remove it.")
    if not value.isascii():
        raise ValueError("The address holds a letter outside ASCII. Write the host in its xn-- form.")
    if "\\" in value:
        raise ValueError("The address holds a backslash. Use forward slashes.")
    if "@" in value:
        raise ValueError("The address names a user. Leave out everything up to the @.")
    if "#" in value or "?" in value:
        raise ValueError("The address holds a ? or a #. Leave out everything from there on.")


def _read_port(scheme: str, written: str | None) -> int:
    if scheme not in DEFAULT_PORTS:
        raise ValueError("The address does not begin with https://. No other scheme is accepted.")
    port = DEFAULT_PORTS[scheme] if written is None else int(written)
    if not 1 <= port <= 65535:
        raise ValueError("The port of the address is not between 1 and 65535.")
    return port


def _refuse_private(scheme: str, host: str) -> None:
    ip = _read_literal_ip(host)
    if ip is None:
        _refuse_internal_name(host)
    elif not is_public(str(ip)):
        raise ValueError(
            "The address is private or reserved. An administrator of the server can allow its host and port."
        )
    if scheme != "https":
        raise ValueError("The address begins with http://, which is not encrypted. Use https://.")


def _read_literal_ip(host: str) -> IPv4Address | IPv6Address | None:
    numeric = host.startswith("[") or NUMBER_PATTERN.fullmatch(host.rsplit(".", 1)[-1]) is not None
    if not numeric:
        return None
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        raise ValueError("The host of the address is not a whole IP address. Write it in its usual form.") from None


def _refuse_internal_name(host: str) -> None:
    if host.endswith("."):
        raise ValueError("The host of the address ends with a dot. Remove it.")
    if len(host) > 253 or not all(LABEL_PATTERN.fullmatch(label) for label in host.split(".")):
        raise ValueError("The host of the address is not a valid name.")
    if "." not in host or host.endswith(INTERNAL_SUFFIXES):
        raise ValueError(
            "The host is a name inside a private network. An administrator of the server can allow its host and port."
        )


def _write_port(scheme: str, port: int) -> str:
    return "" if port == DEFAULT_PORTS[scheme] else f":{port}"


def _read_path(written: str | None) -> str:
    path = written or ""
    if PATH_PATTERN.fullmatch(path) is None or "/../" in f"{path}/" or "/./" in f"{path}/":
        raise ValueError("The path of the address is not plain. Use letters, digits and single slashes.")
    return path.rstrip("/")
