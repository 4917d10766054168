"""Feed: adding one to those that a workspace watches, and removing it again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from bot.commands.core import COMMAND, MOST_CHOICES, Action, Command, Option
from bot.commands.desk import Desk, bare, cut, quoted
from bot.commands.reply import Button, Choice, Reply, Row, Style
from bot.commands.request import Press, Request
from bot.commands.target import demand_manager
from bot.domain.canonical import canonical_url
from bot.errors import CommandError, FeedError
from bot.ports.chat import AddedFeed, AskedKind
from bot.ports.store import Transaction
from bot.services.find_feed import Found

MOST_ADDED = 50
_CHOSEN, _CONFIRM = "feed-choose", "feed-confirm"
_MOST_NAME, _MOST_TITLE, _MOST_OFFERED, _MOST_URL = 80, 200, 5, 2_000
_MOST_OPTION = 100


def feed(desk: Desk) -> tuple[tuple[Command, Command], tuple[Action, ...]]:
    """The commands, and the actions that choose and confirm."""
    adding = _Adding(desk)
    add = Command(
        verb="feed add",
        usage=f"{COMMAND} feed add ADDRESS",
        summary="Watches a feed, or a site's feed, for this workspace.",
        handler=adding.answer,
        options=(Option(name="address", summary="A feed's or a site's address.", required=True),),
        examples=(f"{COMMAND} feed add https://news.example.org",),
    )
    remove = Command(
        verb="feed remove",
        usage=f"{COMMAND} feed remove NAME|ADDRESS",
        summary="Watches a feed no longer that was added in chat.",
        handler=adding.remove,
        options=(
            Option(
                name="name",
                summary="Its name or address.",
                required=True,
                suggest=adding.suggest,
            ),
        ),
        examples=(f"{COMMAND} feed remove Town Crier",),
    )
    return (add, remove), (
        Action(name=_CHOSEN, handler=adding.chosen),
        Action(name=_CONFIRM, handler=adding.confirm),
    )


@dataclass(frozen=True, slots=True)
class _Adding:
    """Feeds added at one desk."""

    desk: Desk

    async def answer(self, request: Request) -> Reply:
        """Show the feed at an address, or ask which."""
        return await self._look(request, _address(request.options["address"]))

    async def chosen(self, press: Press) -> Reply:
        """Show the one that was chosen."""
        url = _address(await self.desk.asked_before(AskedKind.ADDRESS, press.argument, press))
        return replace(await self._look(press, url), replaces=True)

    async def confirm(self, press: Press) -> Reply:
        """Begin to watch it."""
        await demand_manager(press.person, "add feeds")
        text = await self.desk.asked_before(AskedKind.FEED, press.argument, press)
        try:
            url, name = json.loads(text)
        except (TypeError, ValueError):
            raise CommandError("This button is too old to go on with: ask again") from None
        added = AddedFeed(
            workspace=press.person.workspace,
            url=_address(str(url)),
            name=cut(str(name), _MOST_NAME),
            added_by=press.person.user,
            added_at=self.desk.clock.now(),
        )
        async with self.desk.store.begin() as transaction:
            await self._demand_new(transaction, press, added.url)
            await transaction.added_feeds.add(added)
        return Reply(
            title=f"{added.name} is watched for this workspace.",
            lines=(
                "What it shows now is taken in silently; what comes from now on may alert.",
                *_who_hears(press),
                f"{COMMAND} feeds tells how it does.",
            ),
            replaces=True,
        )

    async def remove(self, request: Request) -> Reply:
        """Watch one no longer."""
        await demand_manager(request.person, "remove feeds")
        wanted = _bare(request.options["name"]).casefold()
        async with self.desk.store.begin() as transaction:
            own = await transaction.added_feeds.of_workspace(request.person.workspace)
            found = [one for one in own if wanted in (one.name.casefold(), one.url.casefold())]
            for one in found[:1]:
                await transaction.added_feeds.remove(request.person.workspace, one.url)
                return Reply(title=f"{one.name} is no longer watched for this workspace.")
        for fixed in self.desk.catalog().feeds:
            if wanted in (fixed.name.casefold(), fixed.url.casefold()):
                raise CommandError(
                    f"{fixed.name} stands in feeds.yaml: ask whoever runs newsbot to take it out"
                )
        raise CommandError(
            f"No feed called {quoted(request.options['name'], 60)} was added here:"
            f" {COMMAND} feeds lists all"
        )

    async def suggest(self, request: Request, typed: str) -> Sequence[Choice]:
        """Feeds that this workspace added whose name holds what was typed."""
        async with self.desk.store.read() as transaction:
            own = await transaction.added_feeds.of_workspace(request.person.workspace)
        wanted = typed.casefold().strip()
        return [
            Choice(value=one.name, label=one.name[:75])
            for one in own
            if wanted in one.name.casefold() and len(one.name) <= _MOST_OPTION
        ][:MOST_CHOICES]

    async def _look(self, asked: Request | Press, url: str) -> Reply:
        await demand_manager(asked.person, "add feeds")
        async with self.desk.store.read() as transaction:
            await self._demand_new(transaction, asked, url)
        found = await self._found(url)
        if not isinstance(found, Found):
            return await self._which(asked, found)
        async with self.desk.store.begin() as transaction:
            await self._demand_new(transaction, asked, found.url)
            name = cut(found.title, _MOST_NAME)
            text = json.dumps([found.url, name])
            key = await self.desk.keep(transaction, AskedKind.FEED, text, asked.person)
        return Reply(
            title=f"Watch {name} for this workspace?",
            lines=(cut(found.url, _MOST_TITLE), *([] if found.newest else ["It is empty now."])),
            rows=tuple(
                Row(
                    title=cut(entry.title or "Untitled", _MOST_TITLE),
                    url=entry.url,
                    when=entry.dated,
                )
                for entry in found.newest
            ),
            buttons=(
                Button(label="Confirm", action=_CONFIRM, argument=key, style=Style.PRIMARY),
                Button(label="Cancel", action="cancel"),
            ),
        )

    async def _found(self, url: str) -> Found | Sequence[str]:
        if self.desk.find_feed is None:
            raise CommandError("This newsbot reads no feeds: ask whoever runs it")
        try:
            return await self.desk.find_feed(url)
        except FeedError as error:
            raise CommandError(f"No feed could be had from there: {_cause(error)}") from error
        except TimeoutError as error:
            raise CommandError(
                "That site answers too slowly: try again, or give the feed's own address"
            ) from error

    async def _which(self, asked: Request | Press, urls: Sequence[str]) -> Reply:
        async with self.desk.store.begin() as transaction:
            keys = [
                await self.desk.keep(transaction, AskedKind.ADDRESS, url, asked.person)
                for url in urls[:_MOST_OFFERED]
            ]
        return Reply(
            title="That page names several feeds: which one?",
            rows=tuple(
                Row(
                    title=cut(url, _MOST_TITLE),
                    buttons=(Button(label="Choose", action=_CHOSEN, argument=key),),
                )
                for url, key in zip(urls, keys, strict=False)
            ),
        )

    async def _demand_new(self, transaction: Transaction, asked: Request | Press, url: str) -> None:
        """Make sure that a feed is not watched yet, and that there is room for it.

        Raises:
            CommandError: It is, or there is none.
        """
        added = await transaction.added_feeds.of_workspace(asked.person.workspace)
        watched = [(one.url, one.name) for one in self.desk.catalog().feeds]
        watched += [(one.url, one.name) for one in added]
        for known, name in watched:
            if canonical_url(known) == canonical_url(url):
                raise CommandError(f"That feed is already watched as {name}")
        if len(added) >= MOST_ADDED:
            raise CommandError(
                f"This workspace has added {MOST_ADDED} feeds, the most there may be: remove one"
                f" with {COMMAND} feed remove"
            )


def _cause(error: FeedError) -> str:
    """What is wrong; who asks in chat has no feeds.yaml to mend it in."""
    cause, _, remedy = str(error).rpartition(": ")
    if "feeds.yaml" not in remedy:
        return str(error)
    return f"{cause}: check the address in a browser, or ask whoever runs newsbot"


def _who_hears(press: Press) -> Sequence[str]:
    """Where newsbot does not know whose the channels of rule files are: what to do for them."""
    if not press.person.workspace.id:  # the settings' own, whose channels rule files name
        return ()
    once = f"once it follows the topic by {COMMAND} subscribe too"
    return [f"A channel that a rule file names hears of it {once}."]


def _bare(written: str) -> str:
    """Text without quotes, and without the angle brackets that Slack puts around links."""
    text = bare(written)
    if text.startswith("<http") and text.endswith(">"):
        return text[1:-1].partition("|")[0]
    return text


def _address(written: str) -> str:
    """The address that people mean.

    Raises:
        CommandError: It is none, or holds a password.
    """
    text = _bare(written)
    url = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
        parts = urlsplit("")
    is_web = parts.scheme in ("http", "https") and len(url) <= _MOST_URL and " " not in url
    if not host or not is_web or ("." not in host and ":" not in host):
        raise CommandError(f"{quoted(text, 60)} is no address: write https://news.example.org")
    if parts.username is not None:
        raise CommandError(
            "The address holds a password, which all would see: ask whoever runs newsbot to give"
            " the feed a login in feeds.yaml"
        )
    return url.partition("#")[0]
