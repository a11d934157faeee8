"""Which addresses may be saved and reached, as tables."""

import pytest

from actions.network.policy import NetworkPolicy, check_url, is_public

NOTHING_PRIVATE = NetworkPolicy()
GATEWAY = NetworkPolicy(frozenset({"127.0.0.1:8000", "gateway:4000", "[::1]:8000"}))

ACCEPTED = {
    "https://api.anthropic.com": "https://api.anthropic.com",
    "https://api.anthropic.com/": "https://api.anthropic.com",
    "HTTPS://API.Anthropic.COM": "https://api.anthropic.com",
    "https://api.anthropic.com:443/": "https://api.anthropic.com",
    "https://gateway.example.com:8443/anthropic/v1/": "https://gateway.example.com:8443/anthropic/v1",
    "https://xn--bcher-kva.example": "https://xn--bcher-kva.example",
    "https://8.8.8.8": "https://8.8.8.8",
    "https://[2606:4700::6810:85e5]:8443": "https://[2606:4700::6810:85e5]:8443",
}

REFUSED = [
    "",
    "api.anthropic.com",
    "https://",
    "https:///path",
    "http://api.anthropic.com",
    "http://127.0.0.1",
    "file:///etc/passwd",
    "gopher://example.com",
    "unix:/run/docker.sock",
    "javascript:alert(1)",
    "https://localhost",
    "https://LOCALHOST:8443",
    "https://app.localhost",
    "https://metadata.google.internal",
    "https://printer.local",
    "https://router.home.arpa",
    "https://database",
    "https://127.0.0.1",
    "https://127.1",
    "https://2130706433",
    "https://0177.0.0.1",
    "https://0x7f.1",
    "https://0x7f000001",
    "https://1.2.3",
    "https://256.1.1.1",
    "https://0.0.0.0",
    "https://10.0.0.1",
    "https://172.16.0.1",
    "https://192.168.1.1",
    "https://100.64.0.1",
    "https://169.254.169.254",
    "https://192.0.2.1",
    "https://198.18.0.1",
    "https://224.0.0.1",
    "https://240.0.0.1",
    "https://255.255.255.255",
    "https://[::]",
    "https://[::1]",
    "https://[::ffff:169.254.169.254]",
    "https://[::ffff:8.8.8.8]",
    "https://[::127.0.0.1]",
    "https://[64:ff9b::a9fe:a9fe]",
    "https://[64:ff9b:1::1]",
    "https://[2002:7f00:1::]",
    "https://[fe80::1]",
    "https://[fec0::1]",
    "https://[fd00::1]",
    "https://[ff02::1]",
    "https://[fe80::1%25eth0]",
    "https://[::1",
    "https://good.example@evil.example",
    "https://user:secret@good.example",
    "https://evil.example#@good.example",
    "https://good.example\\@evil.example",
    "https://good.example\\.evil.example",
    "https://good.example/?next=evil",
    "https://good.exa\tmple",
    "https://good.example\n",
    "https://good.example\r\nHost: evil",
    " https://good.example",
    "https://good.example/a b",
    "https://good.example\x00",
    "https://g\u043e\u043ed.example",
    "https://good.example\u3002com",
    "https://good.example.",
    "https://good..example",
    "https://.good.example",
    "https://-good.example",
    "https://" + "a" * 64 + ".example",
    "https://good.example:0",
    "https://good.example:65536",
    "https://good.example:99999",
    "https://good.example:",
    "https://good.example:8a",
    "https://good.example/../admin",
    "https://good.example/v1/./x",
    "https://good.example//evil.example",
    "https://good.example/" + "a" * 500,
]


@pytest.mark.parametrize(("written", "normal"), ACCEPTED.items())
def test_a_public_https_address_is_accepted_in_its_normal_form(written: str, normal: str) -> None:
    assert check_url(written, NOTHING_PRIVATE) == normal


@pytest.mark.parametrize("written", REFUSED)
def test_every_other_address_is_refused_with_a_sentence(written: str) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z].+\.$"):
        check_url(written, NOTHING_PRIVATE)


@pytest.mark.parametrize(
    "written",
    ["http://127.0.0.1:8000", "https://127.0.0.1:8000/simulator", "http://GATEWAY:4000", "http://[::1]:8000"],
)
def test_the_policy_allows_a_host_with_its_port(written: str) -> None:
    assert check_url(written, GATEWAY) == written.lower()


@pytest.mark.parametrize(
    "written",
    [
        "http://127.0.0.1:8001",
        "http://127.0.0.1",
        "https://gateway",
        "http://127.1:8000",
        "http://0x7f.1:8000",
    ],
)
def test_the_policy_allows_no_other_port_and_no_other_spelling(written: str) -> None:
    with pytest.raises(ValueError):
        check_url(written, GATEWAY)


@pytest.mark.parametrize("written", ["http://x@127.0.0.1:8000", "ftp://127.0.0.1:8000", "http://127.0.0.1:8000#x"])
def test_the_policy_does_not_widen_the_grammar(written: str) -> None:
    with pytest.raises(ValueError):
        check_url(written, GATEWAY)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("1.1.1.1", True),
        ("2606:4700:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("100.100.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.251", False),
        ("::ffff:1.1.1.1", False),
        ("64:ff9b::808:808", False),
        ("2002:808:808::", False),
        ("2001:0:1::1", False),
        ("fe80::1%eth0", False),
    ],
)
def test_only_addresses_of_the_public_internet_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public
