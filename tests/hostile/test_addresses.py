"""Nothing that a feed, a redirect or a name service says leads newsbot to a private address."""

from collections.abc import AsyncIterator
from ipaddress import ip_network

import pytest

from bot.errors import FetchFault
from bot.feeds.guard import Guard, IPNetwork
from bot.feeds.redirects import Trail
from tests.hostile.addresses import FORMS, HERE, OPEN, PLAIN, PUBLISHER, SHUT, Form, Inside, Way

each_way = pytest.mark.parametrize("way", Way)


@pytest.fixture
async def inside() -> AsyncIterator[Inside]:
    async with Inside() as inside:
        yield inside


async def reached(inside: Inside, way: Way, guard: Guard) -> list[Form]:
    """The forms by which the listener was connected to."""
    found = []
    for form in FORMS:
        before = inside.connections
        error = await inside.attack(form, way, guard)
        if inside.connections > before:
            found.append(form)
        else:
            assert error is not None, form
    return found


@each_way
async def test_no_form_of_a_private_address_is_connected_to(inside: Inside, way: Way) -> None:
    assert await reached(inside, way, SHUT) == []
    assert inside.connections == 0


@each_way
async def test_it_is_the_guard_that_stands_between(inside: Inside, way: Way) -> None:
    by_name = way in {Way.REBIND, Way.MIXED}

    assert await reached(inside, way, OPEN) == [*(FORMS if by_name else PLAIN)]


@pytest.mark.parametrize("way", [Way.DIRECT, Way.REDIRECT])
async def test_without_the_guard_the_machine_itself_would_connect(inside: Inside, way: Way) -> None:
    here = [form for form in PLAIN if form.address in HERE]

    for number, form in enumerate(here, 1):
        await inside.attack(form, way, OPEN, diverted=False)
        assert inside.connections == number, form
    assert inside.connections == 15


@pytest.mark.parametrize("way", [Way.DIRECT, Way.REDIRECT])
async def test_an_address_refused_is_told_as_such(inside: Inside, way: Way) -> None:
    for form in FORMS:
        error = await inside.attack(form, way, SHUT)

        assert error is not None
        assert error.fault is FetchFault.REFUSED, form


@each_way
async def test_a_named_network_opens_nothing_beside_it(inside: Inside, way: Way) -> None:
    named: list[IPNetwork] = [PUBLISHER, ip_network("10.0.0.0/8"), ip_network("fd00::/8")]

    found = await reached(inside, way, Guard(named))

    assert {form.address for form in found} == {"10.0.0.5", "fd00:ec2::254"}


SCHEMES = (
    "file:///etc/passwd",
    "file://127.0.0.1:{port}/",
    "ftp://127.0.0.1:{port}/feed.xml",
    "gopher://127.0.0.1:{port}/_GET",
    "dict://127.0.0.1:{port}/",
    "ldap://127.0.0.1:{port}/",
    "ws://127.0.0.1:{port}/",
    "data:text/xml,<rss/>",
    "javascript:alert(1)",
    "unix:///run/docker.sock",
    "http+unix://%2Frun%2Fdocker.sock/",
    "jar:http://127.0.0.1:{port}!/",
    "http:",
    "http:///feed.xml",
    "//",
    "",
)


@pytest.mark.parametrize("way", [Way.DIRECT, Way.REDIRECT])
async def test_nothing_but_http_and_https_is_spoken(inside: Inside, way: Way) -> None:
    for address in SCHEMES:
        error = await inside.go(address, way, OPEN)

        assert error is not None, address
    assert inside.connections == 0


@pytest.mark.parametrize("host", ["9to5.example", "360.example.cn", "0x.example", "1.2.3.4.news"])
def test_a_name_with_numbers_in_it_is_a_name(host: str) -> None:
    assert Trail(f"https://{host}/feed").host == host
