"""Which addresses may be called (NTF-14)."""

import pytest

from huaxin.notify.guard import GuardedNetwork, NotAllowed, check_address, check_endpoint

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "2002:0a00:0001::",
    "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses(address: str) -> None:
    """NTF-14."""
    with pytest.raises(NotAllowed):
        check_address(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111"])
def test_public_addresses(address: str) -> None:
    """NTF-14."""
    assert check_address(address) == address


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example/1",
        "https://127.0.0.1/1",
        "https://[::1]/1",
        "https://localhost/1",
        "https://push/1",
        "https://user:word@push.example/1",
        "https://push.example:8443/1",
        "https://push.example:99999/1",
        "https://[::1/1",
        "https://push.example/1#a",
        "https://push.example/a b",
        "https://push.example/\n",
        "https://推送.example/1",
        "ftp://push.example/1",
        "push.example",
        "",
        "https://" + "a" * 1000 + ".example/",
    ],
)
def test_endpoints_that_are_refused(endpoint: str) -> None:
    """NTF-14."""
    with pytest.raises(NotAllowed):
        check_endpoint(endpoint)


def test_an_ordinary_endpoint() -> None:
    """NTF-14."""
    endpoint = "https://updates.push.services.example/wpush/v2/gAAAAA-_x"
    assert check_endpoint(endpoint) == endpoint
    assert check_endpoint("http://127.0.0.1:9/x", private=True)


async def test_a_name_that_leads_inside_is_not_followed() -> None:
    """NTF-14: the address that was resolved is the one that is judged and connected to."""
    with pytest.raises(NotAllowed):
        await GuardedNetwork().connect_tcp("localhost", 9)
    with pytest.raises(NotAllowed):
        await GuardedNetwork().connect_unix_socket("socket")
