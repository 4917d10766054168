"""Guard: which IP addresses may be called."""

import socket
from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import TYPE_CHECKING

from aiohttp import AddrInfoType

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that is given out so far, https://www.iana.org/assignments/ipv6-address-space."""

_NAT64 = IPv6Network("64:ff9b::/96")
"""IPv4 seen through a translator, RFC 6052. Its local kin 64:ff9b:1::/48 (RFC 8215) hides the
IPv4 address at a place only the network's owner knows, and so is never admitted."""

_NEVER = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments, RFC 6890; Oracle's metadata server lives here
        "192.88.99.0/24",  # relays of 6to4, withdrawn by RFC 7526
        "168.63.129.16/32",  # a public number, but Azure's own control server in each machine
        "2001::/23",  # protocol assignments, RFC 2928, Teredo among them
        "2001:db8::/32",  # documentation, RFC 3849
        "3fff::/20",  # documentation, RFC 9637
    )
)

_SIP = 16 * 1024
"""Bytes. What is read at once is taken apart at once: of a quarter of a megabyte, asyncio's own
measure, endless interim answers or one-byte chunks hold the event loop for 60 ms."""


class AddressRefusedError(OSError):
    """The guard does not admit the address.

    Its text is the same for every address: where a host has several and all are refused, the
    connection library then raises this very error rather than a summary of many.

    Attributes:
        address: The one refused.
    """

    def __init__(self, address: IPAddress) -> None:
        super().__init__("not a public address")
        self.address = address


class _Sipping(socket.socket):
    """Gives little at a time, in the two ways in which asyncio asks."""

    __slots__ = ()

    def recv(self, bufsize: int, flags: int = 0) -> bytes:
        return super().recv(min(bufsize, _SIP), flags)

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int = 0, flags: int = 0) -> int:
        return super().recv_into(memoryview(buffer)[:_SIP], nbytes, flags)


class Guard:
    """Admits public unicast addresses, and the networks named.

    A name can lead anywhere, and may lead elsewhere a second later, so it is the address of each
    socket that is judged, at the moment it is made.
    """

    def __init__(self, allowed: Sequence[IPNetwork] = ()) -> None:
        """Name the networks that are admitted besides the public ones."""
        self._allowed = tuple(allowed)

    def admits(self, address: IPAddress) -> bool:
        """Tell whether this address may be called.

        An IPv6 address that stands for an IPv4 one is judged as that one.
        """
        inner = _unwrap(address)
        if any(address in network or inner in network for network in self._allowed):
            return True
        return _is_public(inner)

    def socket(self, info: AddrInfoType) -> socket.socket:
        """Make the socket for one resolved address; for `aiohttp.TCPConnector(socket_factory=…)`.

        Raises:
            AddressRefusedError: The address is not admitted.
        """
        family, kind, protocol, _, where = info
        address = ip_address(where[0])
        if not self.admits(address):
            raise AddressRefusedError(address)
        return _Sipping(family, kind, protocol)


def _unwrap(address: IPAddress) -> IPAddress:
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_public(address: IPAddress) -> bool:
    # `is_global` alone passes multicast, unassigned IPv6 and, depending on Python's patch
    # release, some of the networks listed above.
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    if address.is_multicast or any(address in network for network in _NEVER):
        return False
    return address.is_global
