"""Addresses given by browsers are called by the server: only public ones, by HTTPS, and the very address that
was looked at is the one connected to."""

import asyncio
import socket
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

import httpcore

LONGEST = 1_000


class NotAllowed(ValueError):
    """This address may not be called."""


def check_endpoint(endpoint: str, *, private: bool = False) -> str:
    """The endpoint as given. Raises NotAllowed. `private` allows HTTP and this network: for tests."""
    if len(endpoint) > LONGEST or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        raise NotAllowed("not a web address")
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError as wrong:
        raise NotAllowed("not a web address") from wrong
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise NotAllowed("only https")
    if not parts.hostname or parts.username is not None or parts.fragment:
        raise NotAllowed("a plain host is needed")
    if private:
        return endpoint
    if port not in (None, 443):
        raise NotAllowed("only the usual port")
    try:
        address = ip_address(parts.hostname)
    except ValueError:
        if "." not in parts.hostname.rstrip("."):
            raise NotAllowed("a public host is needed") from None
    else:
        check_address(str(address))
    return endpoint


def check_address(address: str) -> str:
    """Raises NotAllowed for anything that is not a public address."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            found = inner
    if not found.is_global or found.is_multicast:
        raise NotAllowed("not a public address")
    return address


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Resolves a name itself, refuses private addresses, and connects to the address it checked."""

    def __init__(self, *, private: bool = False) -> None:
        self._private = private
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        try:
            found = await asyncio.wait_for(
                loop.getaddrinfo(host, port, type=socket.SOCK_STREAM), timeout or 10.0
            )
        except (OSError, TimeoutError) as wrong:
            raise httpcore.ConnectError(f"{host} cannot be found") from wrong
        addresses = [str(entry[4][0]) for entry in found]
        if not self._private:
            for address in addresses:
                check_address(address)
        if not addresses:
            raise httpcore.ConnectError(f"{host} cannot be found")
        return await self._inner.connect_tcp(addresses[0], port, timeout, local_address, socket_options)

    async def connect_unix_socket(self, *args: Any, **more: Any) -> httpcore.AsyncNetworkStream:
        raise NotAllowed("no sockets of this machine")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
