import socket
from ipaddress import ip_address, ip_network

import pytest

from bot.feeds.guard import AddressRefusedError, Guard

PUBLIC = (
    "8.8.8.8",
    "151.101.0.81",
    "2001:4860:4860::8888",
    "2a04:4e42::81",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
)
NOT_PUBLIC = (
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.9.9.9",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.9",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "100::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_admitted(address: str) -> None:
    assert Guard().admits(ip_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_all_other_addresses_are_refused(address: str) -> None:
    assert not Guard().admits(ip_address(address))


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::a01:203"])
def test_a_named_network_is_admitted_in_each_way_of_writing_it(address: str) -> None:
    guard = Guard([ip_network("10.1.0.0/16")])

    assert guard.admits(ip_address(address))


def test_naming_a_network_admits_nothing_beside_it() -> None:
    guard = Guard([ip_network("10.1.0.0/16"), ip_network("fd00:1::/32")])

    assert guard.admits(ip_address("fd00:1::7"))
    assert not guard.admits(ip_address("10.2.0.1"))
    assert not guard.admits(ip_address("fd00:2::7"))


def test_no_socket_is_made_for_an_address_refused() -> None:
    info = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("10.0.0.5", 80))

    with pytest.raises(AddressRefusedError) as caught:
        Guard().socket(info)

    assert caught.value.address == ip_address("10.0.0.5")


def test_a_socket_is_made_for_an_address_admitted() -> None:
    info = (
        socket.AF_INET6,
        socket.SOCK_STREAM,
        socket.IPPROTO_TCP,
        "",
        ("2a04:4e42::81", 80, 0, 0),
    )

    with Guard().socket(info) as made:
        assert made.family is socket.AF_INET6


def test_a_socket_gives_little_at_a_time() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    info = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", 0))
    with listener, Guard([ip_network("127.0.0.0/8")]).socket(info) as made:
        made.connect(listener.getsockname())
        publisher, _ = listener.accept()
        with publisher:
            publisher.sendall(b"x" * 60_000)
        space = bytearray(1 << 18)

        assert len(made.recv(1 << 18)) == made.recv_into(space) == 16 * 1024
