"""Why: why a story did or did not alert in the channel that is asked from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.commands.core import COMMAND, Command, Option
from bot.commands.desk import Desk, cut, titled
from bot.commands.reference import refer_all
from bot.commands.reply import Reply, Row
from bot.commands.request import Request
from bot.commands.typed import link_and_rest
from bot.domain.alert import compose_alert
from bot.domain.channel import Channel
from bot.domain.delivery import DeliveryState
from bot.domain.document import document_of
from bot.domain.entry import StoredEntry
from bot.domain.subscription import Mute, MutedKind
from bot.domain.topic import Topic
from bot.errors import CommandError, QueryError
from bot.ports.subscriptions import Exclusion
from bot.query.document import Reading
from bot.query.explain import explain
from bot.query.lacking import lacking
from bot.query.matcher import Matcher
from bot.query.syntax import parse
from bot.query.tree import Or
from bot.services.explain_match import Explanation, explain_match
from bot.services.followed import followed
from bot.services.visible import Visible

_MOST_SUBJECTS = 10
_MOST_LINE, _MOST_NAME, _MOST_TITLE = 300, 60, 200


def why(desk: Desk) -> Command:
    """The command."""

    async def answer(request: Request) -> Reply:
        return await _answer(desk, request)

    return Command(
        verb="why",
        usage=f"{COMMAND} why LINK [TOPIC]",
        summary="Says why a story did or did not alert here.",
        handler=answer,
        options=(
            Option(name="link", summary="The story's address.", required=True),
            Option(
                name="topic",
                summary="One topic; all that is followed here unless given.",
                suggest=desk.suggest_topics,
            ),
        ),
        read=link_and_rest,
        examples=(
            f"{COMMAND} why https://news.example.org/story",
            f"{COMMAND} why https://news.example.org/story us-china",
        ),
    )


async def _answer(desk: Desk, request: Request) -> Reply:
    before = await _look(desk, request)
    if not before.subjects:
        return Reply(
            title="This channel follows nothing, so no story alerts here.",
            lines=(f"Name a topic to hold the story against: {COMMAND} why LINK TOPIC",),
        )
    explained = [
        (subject, await _explained(desk, request.options["link"], subject, before))
        for subject in before.subjects[:_MOST_SUBJECTS]
    ]
    stored = explained[0][1].kept.stored
    left = len(before.subjects) - _MOST_SUBJECTS
    more = [f"{left} more are followed here: name one."] if left > 0 else []
    return Reply(
        title=cut(compose_alert(stored, ()).headline, _MOST_TITLE),
        lines=(f"{stored.feed_name}, first seen {desk.spell(stored.seen_at)}.", *more),
        rows=tuple(_row(desk, *pair, before) for pair in explained),
    )


@dataclass(frozen=True, slots=True)
class _Subject:
    """Something a story is held against."""

    topic: Topic
    is_followed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """What is known before any story is looked at.

    Attributes:
        here: The channel that is asked from.
        subjects: What to hold the story against.
        visible: The feeds that the workspace sees.
        mutes: The channel's.
        exclusions: The channel's.
    """

    here: Channel
    subjects: Sequence[_Subject]
    visible: Visible
    mutes: Sequence[Mute]
    exclusions: Sequence[Exclusion]


async def _look(desk: Desk, request: Request) -> _Before:
    here, workspace = request.channel, request.person.workspace
    written = request.options.get("topic")
    named = desk.topic(written) if written else None
    async with desk.store.read() as transaction:
        known = await followed(transaction, desk.topics, workspace)
        visible = await desk.visible(transaction, workspace)
        mutes = await transaction.subscriptions.mutes(desk.clock.now())
        exclusions = await transaction.subscriptions.exclusions()
    subjects = [_Subject(topic) for topic in known.topics_in(here)]
    if named is not None:
        subjects = [_Subject(named, is_followed=named in known.topics_in(here))]
    else:
        subjects += [
            _Subject(_as_topic(desk, one.name, one.following.query or ""))
            for one in known.queries_in(here)
        ]
    return _Before(
        here=here,
        subjects=subjects,
        visible=visible,
        mutes=[mute for mute in mutes if mute.channel == here],
        exclusions=[exclusion for exclusion in exclusions if exclusion.channel == here],
    )


def _as_topic(desk: Desk, name: str, query: str) -> Topic:
    title = f"“{cut(query, _MOST_NAME)}”"
    try:
        return Topic(name=name, title=title, query=desk.parse(query))
    except CommandError:  # it names a topic that is gone
        return Topic(name=name, title=f"{title}, which cannot be read any more", query=Or(()))


async def _explained(desk: Desk, link: str, subject: _Subject, before: _Before) -> Explanation:
    """One entry of the story, one that matches if any does."""
    topic = replace(subject.topic, channels=(before.here,)) if subject.is_followed else None
    found = await explain_match(
        desk.store,
        link,
        subject.topic.query,
        topic=topic,
        visible=before.visible,
        here=before.here,
    )
    return next((one for one in found if one.verdict.holds), found[0])


def _row(desk: Desk, subject: _Subject, one: Explanation, before: _Before) -> Row:
    topic, stored = subject.topic, one.kept.stored
    name = topic.title if topic.name.startswith("?") else titled(topic)
    excluded = _excluded(topic, stored, before) if one.verdict.holds else ()
    kept_away = excluded and not one.deliveries
    conclusion = refer_all(one.conclusion)
    told = [
        "It matches, but is left out here, so it did not alert." if kept_away else conclusion,
        *(() if subject.is_followed else ("This channel does not follow it.", *_left_out(one))),
        _decisive(topic, one),
        *excluded,
        *(f"Muted here until {desk.spell(mute.until)}." for mute in _muting(topic, stored, before)),
    ]
    return Row(title=name, lines=tuple(cut(line, _MOST_LINE) for line in told if line))


def _left_out(one: Explanation) -> Sequence[str]:
    """What became of an alert for what is no longer followed."""
    return [
        f"An alert of it was kept for a digest here and left out, since it was {delivery.error}."
        for delivery in one.deliveries
        if delivery.state is DeliveryState.DROPPED
    ]


def _decisive(topic: Topic, one: Explanation) -> str:
    """What was found, or what keeps it from matching."""
    if not one.verdict.holds:
        return f"Why not: {lacking(one.verdict)}."
    evidence = explain(topic.query, Reading(document_of(one.kept.stored)))
    return f"Found: {', '.join(evidence.phrases())}." if evidence and evidence.found else ""


def _excluded(topic: Topic, stored: StoredEntry, before: _Before) -> Sequence[str]:
    """The channel's exclusions that keep the entry away."""
    told = []
    for exclusion in before.exclusions:
        if exclusion.subject != topic.name:
            continue
        try:
            matcher = Matcher({"": parse(exclusion.query)})
        except QueryError:  # written by another version
            continue
        if matcher.match(document_of(stored)):
            told.append(f"Left out here: {cut(exclusion.query, _MOST_NAME)}.")
    return told


def _muting(topic: Topic, stored: StoredEntry, before: _Before) -> Sequence[Mute]:
    """The mutes in force that the entry falls under."""
    muted = {
        (MutedKind.TOPIC, topic.name),
        (MutedKind.FEED, str(stored.feed_id)),
        (MutedKind.STORY, str(stored.story_id)),
    }
    return [mute for mute in before.mutes if (mute.kind, mute.subject) in muted]
