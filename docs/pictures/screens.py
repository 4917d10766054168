"""Screens: everything that people read of newsbot, by name, as the core gives it."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from newsroom import ANA, Newsroom
from outlets import LATE, SITE, TIMES

from bot.commands.reply import Form, Redrawn, Reply
from bot.domain.channel import Channel, Platform
from bot.domain.digest import Gathered
from bot.domain.feed import FeedState
from bot.domain.message import Alert, Digest, Message, Notice
from bot.services import notices


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on newsbot's own page."""

    reply: Reply


Shown = Message | Reply | Form | Page
Named = tuple[str, Shown]

_LONG = (
    "Negotiators From Washington and Beijing Leave the Third Round of Talks on Tariffs, Export "
    "Controls, Farm Purchases and the Fate of a Video App Without a Joint Statement, but With a "
    "Date for a Fourth Round, a Shared Lunch and a Promise Not to Raise Any Duty Before Midsummer "
    "Unless the Other Side Does So First"
)
_STORMS = 40


async def screens(newsroom: Newsroom, summit: Alert) -> AsyncIterator[Named]:
    """All of them.

    Args:
        newsroom: Where they are read.
        summit: The alert of the demo's main story.
    """
    for named in (*_alerts(newsroom, summit), *_digests(newsroom), *_notices(newsroom)):
        yield named
    for part in (_under_an_alert, _searching, _subscribing, _asking, _feeds):
        async for named in part(newsroom):
            yield named


def _alerts(newsroom: Newsroom, summit: Alert) -> Iterator[Named]:
    pinged = {
        Platform.SLACK: ("group:S0123ABCD", f"user:{ANA[Platform.SLACK]}"),
        Platform.DISCORD: ("role:334455667788990011", f"user:{ANA[Platform.DISCORD]}"),
    }[newsroom.platform]
    batteries = newsroom.alert(newsroom.stored[0])
    yield "alert", summit
    yield "alert-claimed", replace(summit, claimed_by=ANA[newsroom.platform])
    yield "alert-pinging", replace(batteries, mentions=pinged)
    yield "alert-picture", replace(batteries, image="https://meridian-post.example/batteries.jpg")
    yield (
        "alert-long",
        replace(summit, headline=_LONG, summary=f"{summit.summary} {summit.summary}"),
    )
    yield "alert-bare", replace(summit, summary="", tags=(), url=None)
    yield (
        "alert-arabic",
        replace(
            batteries,
            headline="واشنطن تؤجل الرسوم الجمركية على البطاريات الصينية 90 يوما",
            summary="أرجأت الإدارة الأمريكية رسوما نسبتها 25 في المئة حتى يونيو. "
            "ووصفت بكين التأجيل بأنه خطوة أولى.",
            outlet="مرآة الخليج",
        ),
    )
    yield (
        "alert-chinese",
        replace(
            batteries,
            headline="美国将对中国电池加征关税的计划推迟九十天",
            summary="白宫将百分之二十五的关税推迟至六月。进口商要求有时间调整订单。北京称这是第一步。",
            outlet="海港日报",
        ),
    )


def _digests(newsroom: Newsroom) -> Iterator[Named]:
    yield "digest", newsroom.digest()
    yield "digest-short", newsroom.digest(2)
    first, *_, last = newsroom.digests(_storm(newsroom))
    yield "digest-burst", _shortened(first)
    yield "digest-continued", last


def _storm(newsroom: Newsroom) -> Sequence[Gathered]:
    """More than one message holds."""
    kept_at = newsroom.clock.now() - timedelta(minutes=5)
    alert = newsroom.alert(newsroom.stored[0])
    return [
        Gathered(
            alert=replace(alert, headline=f"Harbour {number}: {_LONG[:130]}", url=alert.url),
            kept_at=kept_at,
        )
        for number in range(1, _STORMS + 1)
    ]


def _shortened(digest: Digest) -> Digest:
    """Its first few stories: the rest looks the same."""
    (group, *_) = digest.groups
    return replace(digest, groups=(replace(group, alerts=group.alerts[:3]),))


def _notices(newsroom: Newsroom) -> Iterator[Named]:
    now, here = newsroom.clock.now(), newsroom.here
    failing = FeedState(
        feed_id=3,
        url=TIMES.url,
        due_at=now,
        succeeded_at=now - timedelta(hours=7),
        failures=9,
        failing_since=now - timedelta(hours=6, minutes=40),
        failure="delta-times.example answers 503 Service Unavailable",
    )
    alert = newsroom.alert(newsroom.stored[0])
    told: dict[str, Notice] = {
        "feed-failing": notices.feed_failing(TIMES, failing, now=now),
        "feed-never": notices.feed_failing(LATE, replace(failing, succeeded_at=None), now=now),
        "feed-back": notices.feed_recovered(TIMES, failing, now=now),
        "feed-flooded": notices.feed_flooded(TIMES, 28, 30),
        "offline": notices.outage_over(now - timedelta(minutes=17), now),
        "channel-dead": notices.channel_dead(here, _closed(here)),
        "channel-back": notices.channel_back(here),
        "token-refused": notices.platform_locked(
            newsroom.platform.value,
            f"{newsroom.platform.value.capitalize()} no longer accepts the token.",
        ),
        "refused": notices.message_refused(here, alert, "The platform said: invalid_blocks."),
        "unclear": notices.outcome_unclear(here, alert, "the platform did not answer."),
        "expired": notices.alerts_expired(here, [alert]),
        "files-refused": notices.configuration_refused(
            "rules/shipping.yaml:4: “chanels” is no key of a topic; did you mean channels?"
        ),
        "files-adopted": notices.configuration_adopted({"feeds": 5, "topics": 10}),
    }
    return ((f"notice-{name}", notice) for name, notice in told.items())


def _closed(here: Channel) -> str:
    return {
        Platform.SLACK: f"newsbot is not a member of {here}: /invite @newsbot there.",
        Platform.DISCORD: f"{here} is closed to newsbot: allow it Send Messages there.",
    }[here.platform]


async def _searching(newsroom: Newsroom) -> AsyncIterator[Named]:
    yield "search", await newsroom.ask("search tariffs (China OR Chinese) since 8h")
    found = await newsroom.ask("search tariffs (China OR Chinese) since 3d")
    yield "search-paged", found
    yield "search-next", await newsroom.goes_on(found, "Next")
    yield "search-shared", await newsroom.goes_on(found, "Share")
    yield "search-nothing", await newsroom.ask("search zeppelins since yesterday")
    yield "latest", await newsroom.ask("latest us-china")
    yield "since", await newsroom.ask("since yesterday 18:00")
    yield "preview", await newsroom.ask("preview tariffs OR strike")


async def _subscribing(newsroom: Newsroom) -> AsyncIterator[Named]:
    yield "subscribe-window", newsroom.form("subscribe")
    offered = await newsroom.ask("subscribe trade-and-tariffs daily 08:30 quiet 22:00-07:00")
    yield "subscribe", offered
    yield "subscribe-confirmed", await newsroom.goes_on(offered, "Confirm")
    yield "subscribe-again", await newsroom.ask("subscribe us-china hourly")
    yield "subscribe-meant", await newsroom.ask("subscribe us-chian")
    yield "subscribe-nothing", await newsroom.ask("subscribe zeppelins")
    listed = await newsroom.ask("subscriptions")
    yield "subscriptions", listed
    edited = await newsroom.press(listed, "Edit")
    if isinstance(edited, Form):
        yield "edit-window", edited
    yield "subscriptions-all", await newsroom.ask("subscriptions all")
    removed = await newsroom.goes_on(listed, "Remove")
    yield "unsubscribed", removed
    await newsroom.press(removed, "Undo")
    yield "unsubscribe", await newsroom.ask("unsubscribe")


async def _under_an_alert(newsroom: Newsroom) -> AsyncIterator[Named]:
    story, other = newsroom.stored[0], newsroom.stored[2]
    alert, nonce = await newsroom.posted(story)
    for name, label in (("more", "More"), ("mute-card", "Mute 2h"), ("irrelevant", "Not relevant")):
        answer = await newsroom.press_card(alert, nonce, label)
        if isinstance(answer, Reply):
            yield name, answer
    async for named in _leaving_out(newsroom, *await newsroom.posted(other)):
        yield named
    claimed = await newsroom.press_card(alert, nonce, "Claim")
    if isinstance(claimed, Redrawn):
        yield "claimed", claimed.alert


async def _leaving_out(newsroom: Newsroom, alert: Alert, nonce: str) -> AsyncIterator[Named]:
    asked = await newsroom.press_card(alert, nonce, "Not relevant")
    if not isinstance(asked, Reply):
        return
    if not asked.rows and asked.buttons:
        yield "irrelevant-which", asked
        asked = await newsroom.goes_on(asked, asked.buttons[0].label)
    yield "irrelevant-proposed", asked
    leaving = [button for row in asked.rows for button in row.buttons]
    if leaving:
        yield "irrelevant-excluded", await newsroom.goes_on(asked, leaving[0].label)


async def _asking(newsroom: Newsroom) -> AsyncIterator[Named]:
    link = newsroom.stored[0].entry.url
    ferry = next(one for one in newsroom.stored if "Ferry" in one.entry.title)
    yield "why-matched", await newsroom.ask(f"why {link} us-china")
    yield "why-not", await newsroom.ask(f"why {ferry.entry.url} us-china")
    yield "why-all", await newsroom.ask(f"why {link}")
    yield "mute", await newsroom.ask("mute us-china 3d")
    yield "mute-feed", await newsroom.ask("mute Harbour Wire")
    yield "subscriptions-muted", await newsroom.ask("subscriptions")
    yield "unmute", await newsroom.ask("unmute us-china")
    yield "topics", await newsroom.ask("topics")
    yield "topic", await newsroom.ask("topic us-china")
    yield "status", await newsroom.ask("status")
    yield "ping", await newsroom.ask("ping")
    yield "help", await newsroom.ask("help")
    yield "help-subscribe", await newsroom.ask("help subscribe")
    yield "mistyped", await newsroom.ask("serch tariffs")
    yield "wrong-query", await newsroom.ask("search tariffs AND (China")
    yield "wrong-topic", await newsroom.ask("topic us-chna")
    if newsroom.platform is Platform.SLACK:
        yield "home", Page(await newsroom.home())


async def _feeds(newsroom: Newsroom) -> AsyncIterator[Named]:
    yield "feeds", await newsroom.ask("feeds")
    which = await newsroom.ask(f"feed add {SITE}")
    yield "feed-which", which
    offered = await newsroom.goes_on(which, "Choose")
    yield "feed-offered", offered
    yield "feed-added", await newsroom.goes_on(offered, "Confirm")
    yield "feed-none", await newsroom.ask(f"feed add {SITE}/nothing-here")
    yield "feed-removed", await newsroom.ask("feed remove The Lantern: News")
