"""Addresses: the ways to write and to reach what is not public, and a network in which all answer.

    async with Inside() as inside:
        outcome = await inside.attack(FORMS[0], Way.REDIRECT, Guard([PUBLISHER]))

In this network every address that the guard lets through ends at one listener on loopback, so that
a hole in the guard is a connection counted, and nothing ever leaves the machine.
"""

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address, ip_network
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from aiohttp import AddrInfoType, web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.errors import FetchError
from bot.feeds.fetch import HttpFetcher
from bot.feeds.guard import Guard
from bot.ports import FetchRequest
from tests.fakes.clock import FakeClock
from tests.fakes.feed import FakeFeed
from tests.fakes.publisher import Publisher

PUBLISHER = ip_network("127.0.1.1/32")
"""Plays the public web: the only address admitted in an attack."""

SHUT = Guard([PUBLISHER])
OPEN = Guard([ip_network("0.0.0.0/0"), ip_network("::/0")])

_REBOUND = "rebound.example"
_DOCUMENT = b"<rss version='2.0'><channel><title>Inside</title></channel></rss>"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write an address that is not public.

    Attributes:
        name: What kind it is.
        host: As it stands in a URL, with what a trick puts beside it.
        address: Where it leads.
    """

    name: str
    host: str
    address: str


class Way(StrEnum):
    """How newsbot is led there."""

    DIRECT = "direct"
    """The feed has this address."""
    REDIRECT = "redirect"
    """A public publisher redirects to it."""
    REBIND = "rebind"
    """A name leads to the publisher, and to this address when it is looked up again."""
    MIXED = "mixed"
    """A name has a public address that takes no connection, and this one."""


PLAIN = (
    Form("as it is", "127.0.0.1", "127.0.0.1"),
    Form("circled digits", "①②⑦.⓪.⓪.①", "127.0.0.1"),
    Form("fullwidth digits", "１２７.０.０.１", "127.0.0.1"),
    Form("ideographic stops", "127。0。0。1", "127.0.0.1"),
    Form("elsewhere in loopback", "127.8.8.8", "127.8.8.8"),
    Form("unspecified", "0.0.0.0", "0.0.0.0"),
    Form("this network", "0.1.2.3", "0.1.2.3"),
    Form("metadata", "169.254.169.254", "169.254.169.254"),
    Form("metadata in the shared range", "100.100.100.200", "100.100.100.200"),
    Form("Azure's control server", "168.63.129.16", "168.63.129.16"),
    Form("protocol assignments", "192.0.0.192", "192.0.0.192"),
    Form("private 10", "10.0.0.5", "10.0.0.5"),
    Form("private 172.16", "172.16.0.1", "172.16.0.1"),
    Form("documentation", "192.0.2.1", "192.0.2.1"),
    Form("benchmarks", "198.18.0.1", "198.18.0.1"),
    Form("multicast", "224.0.0.1", "224.0.0.1"),
    Form("reserved", "240.0.0.1", "240.0.0.1"),
    Form("broadcast", "255.255.255.255", "255.255.255.255"),
    Form("IPv6 loopback", "[::1]", "::1"),
    Form("IPv6 loopback, in full", "[0:0:0:0:0:0:0:1]", "::1"),
    Form("IPv6 unspecified", "[::]", "::"),
    Form("IPv4-mapped", "[::ffff:127.0.0.1]", "::ffff:127.0.0.1"),
    Form("IPv4-mapped, hex", "[::ffff:a9fe:a9fe]", "::ffff:169.254.169.254"),
    Form("IPv4-compatible", "[::127.0.0.1]", "::127.0.0.1"),
    Form("IPv4-translated", "[::ffff:0:127.0.0.1]", "::ffff:0:7f00:1"),
    Form("NAT64", "[64:ff9b::7f00:1]", "64:ff9b::7f00:1"),
    Form("NAT64, local", "[64:ff9b:1::7f00:1]", "64:ff9b:1::7f00:1"),
    Form("6to4", "[2002:7f00:1::1]", "2002:7f00:1::1"),
    Form("Teredo", "[2001:0:7f00:1::1]", "2001:0:7f00:1::1"),
    Form("link-local", "[fe80::1]", "fe80::1"),
    Form("site-local", "[fec0::1]", "fec0::1"),
    Form("unique local", "[fd00:ec2::254]", "fd00:ec2::254"),
    Form("IPv6 documentation", "[2001:db8::1]", "2001:db8::1"),
    Form("IPv6 multicast", "[ff02::1]", "ff02::1"),
    Form("localhost", "localhost", "127.0.0.1"),
    Form("localhost, trailing dot", "LOCALHOST.", "127.0.0.1"),
    Form("localhost in a circle", "ⓛocalhost", "127.0.0.1"),
    Form("below localhost", "news.localhost", "127.0.0.1"),
    Form("name with its address in it", "10.0.0.5.names.example", "10.0.0.5"),
    Form("fragment that looks public", "127.0.0.1:{port}/#@news.example", "127.0.0.1"),
    Form("tab in the number", "127.0\t.0.1", "127.0.0.1"),
)
ODD = (
    Form("decimal", "2130706433", "127.0.0.1"),
    Form("octal part", "0177.0.0.1", "127.0.0.1"),
    Form("octal", "017700000001", "127.0.0.1"),
    Form("hex part", "0x7f.0.0.1", "127.0.0.1"),
    Form("hex", "0x7f000001", "127.0.0.1"),
    Form("two parts", "127.1", "127.0.0.1"),
    Form("three parts, padded octal", "00000177.0.1", "127.0.0.1"),
    Form("mixed bases", "127.0x0.0.01", "127.0.0.1"),
    Form("trailing dot", "127.0.0.1.", "127.0.0.1"),
    Form("percent-encoded", "%31%32%37.0.0.1", "127.0.0.1"),
    Form("zero", "0", "0.0.0.0"),
    Form("metadata, decimal", "2852039166", "169.254.169.254"),
    Form("private 192.168, decimal", "3232235777", "192.168.1.1"),
    Form("link-local with a zone", "[fe80::1%25lo]", "fe80::1%lo"),
    Form("class E, hex", "0xf0000001", "240.0.0.1"),
    Form("user name that looks public", "news.example@127.0.0.1", "127.0.0.1"),
    Form("backslash", "127.0.0.1:{port}\\@news.example", "127.0.0.1"),
)
"""Written as newsbot calls no address, the guard apart; a name service can still lead there."""

FORMS = (*PLAIN, *ODD)


HERE = frozenset({"127.0.0.1", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1"})
"""Addresses that Linux itself takes to loopback, without a network that plays along."""


class _Names(AbstractResolver):
    """Knows every form, and no other name; asks nobody.

    It takes what the most lenient of resolvers take. The rebound name has its addresses in turn,
    the last one for ever.
    """

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host == _REBOUND:
            found = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        else:
            found = [_number(unquote(host).rstrip("."))]
        return [
            ResolveResult(hostname=host, host=one, port=port, family=family, proto=0, flags=0)
            for one in found
        ]

    async def close(self) -> None:
        """Nothing to let go of."""


def _number(host: str) -> str:
    name = host.removesuffix(".names.example")
    if name == "localhost" or name.endswith(".localhost"):
        return "127.0.0.1"
    flags = socket.AI_NUMERICHOST
    found = socket.getaddrinfo(name, 0, type=socket.SOCK_STREAM, flags=flags)
    return str(found[0][4][0])


class _Diverted(socket.socket):
    """Connects to the listener, wherever it is told to."""

    port = 0

    def connect(self, address: object) -> None:
        del address
        super().connect(("::1" if self.family is socket.AF_INET6 else "127.0.0.1", self.port))


class _WideWorld:
    """A network where each address that the guard admits, but the publisher's, is the listener."""

    def __init__(self, guard: Guard, port: int) -> None:
        self._guard = guard
        self._port = port

    def socket(self, info: AddrInfoType) -> socket.socket:
        made = self._guard.socket(info)
        if ip_address(info[4][0]) in PUBLISHER:
            return made
        made.close()
        diverted = _Diverted(info[0], info[1], info[2])
        diverted.port = self._port
        return diverted


class Inside:
    """A private network with one listener, and a publisher beside it.

    Attributes:
        connections: How often the listener was connected to.
    """

    def __init__(self) -> None:
        self.connections = 0
        self._publisher = Publisher(FakeClock())
        self._servers: list[asyncio.Server] = []

    async def __aenter__(self) -> Self:
        await self._publisher.__aenter__()
        first = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self._port = first.sockets[0].getsockname()[1]
        self._servers = [first, await asyncio.start_server(self._answer, "::1", self._port)]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for server in self._servers:
            server.close()
            await server.wait_closed()
        await self._publisher.__aexit__(kind, error, trace)

    async def attack(
        self, form: Form, way: Way, guard: Guard, *, diverted: bool = True
    ) -> FetchError | None:
        """Lead newsbot there; gives why it did not go, or None where it came back with a document.

        Args:
            form: The address.
            way: How it is led.
            guard: What stands between.
            diverted: Whether every address is the listener, or only those the machine has itself.
        """
        aim = f"http://{form.host}"
        aim = aim if "{port}" in form.host else f"{aim}:{{port}}/feed.xml"
        return await self.go(aim, way, guard, leads=form.address, diverted=diverted)

    async def go(
        self, aim: str, way: Way, guard: Guard, *, leads: str = "", diverted: bool = True
    ) -> FetchError | None:
        """As `attack`, with any address; `{port}` stands for the listener's, `leads` for its IP."""
        port = self._port
        url, answers = aim.format(port=port), [[leads]]
        if way is Way.REDIRECT:
            url = self._leading_to(url)
        elif way is Way.REBIND:
            answers.insert(0, ["127.0.1.1"])
            url = self._leading_to("/again.xml").replace("127.0.1.1", _REBOUND)
        elif way is Way.MIXED:
            answers = [["127.0.1.1", leads]]
            url = f"http://{_REBOUND}:{port}/feed.xml"
        fetcher = HttpFetcher(
            guard=_WideWorld(guard, port) if diverted else guard,  # type: ignore[arg-type]  # of a guard only `socket` is used
            user_agent="newsbot/test",
            clock=FakeClock(),
            timeout=2.0,
            resolver=_Names(*answers),
        )
        try:
            await fetcher.fetch(FetchRequest(url=url))
        except FetchError as error:
            return error
        finally:
            await fetcher.close()
        return None

    def _leading_to(self, address: str) -> str:
        """A page of the publisher that redirects there, and hangs up."""

        async def lead(feed: FakeFeed, request: web.Request) -> web.StreamResponse:
            del feed, request
            response = web.Response(status=302, headers={"Location": address})
            response.force_close()
            return response

        feed = self._publisher.feed("/lead.xml")
        feed.fault = lead
        return feed.url

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {len(_DOCUMENT)}\r\n\r\n"
        writer.write(head.encode() + _DOCUMENT)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
