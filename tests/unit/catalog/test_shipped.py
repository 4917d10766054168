"""The feeds.yaml and rules/ that come with newsbot."""

from pathlib import Path

import pytest

from bot.catalog.load import load_catalog
from bot.domain.catalog import Catalog
from bot.domain.channel import CONSOLE
from bot.domain.entry import Entry
from bot.query.document import Document
from bot.query.matcher import Matcher
from bot.query.tree import And, Node, Not, Or, Tagged, TopicQuery

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(ROOT / "feeds.yaml", ROOT / "rules", {})


@pytest.fixture(scope="module")
def matcher(catalog: Catalog) -> Matcher:
    return Matcher({topic.name: topic.query for topic in catalog.topics})


def _tags(node: Node) -> set[str]:
    match node:
        case Tagged(tag=tag):
            return {tag}
        case And(parts=parts) | Or(parts=parts):
            return set().union(*map(_tags, parts))
        case Not(part=part):
            return _tags(part)
        case TopicQuery(query=query):
            return _tags(query) if query else set()
        case _:
            return set()


def test_there_are_enough_feeds_each_with_a_name_and_tags(catalog: Catalog) -> None:
    assert len(catalog.feeds) >= 36
    assert len({feed.name for feed in catalog.feeds}) == len(catalog.feeds)
    assert all(feed.tags and feed.url.startswith("https://") for feed in catalog.feeds)
    assert len({feed.section for feed in catalog.feeds}) >= 6


def test_there_are_enough_topics_each_described_and_on_the_console(catalog: Catalog) -> None:
    names = {topic.name for topic in catalog.topics}
    assert len(names) >= 9
    assert {"us-china", "ai-safety", "ai-policy", "geopolitics"} <= names
    assert all(topic.description and topic.title != topic.name for topic in catalog.topics)
    assert all(topic.channels == (CONSOLE,) for topic in catalog.topics)


def test_no_feed_alerts_for_all_it_publishes(catalog: Catalog) -> None:
    asked = set().union(*(_tags(topic.query) for topic in catalog.topics))
    assert not [feed.name for feed in catalog.feeds if feed.tags & asked]


def test_the_story_newsbot_was_made_for_matches_its_topics(matcher: Matcher) -> None:
    entry = Entry(
        title="US and China Announce AI Safety Protocol Plan After Trump-Xi Beijing Summit",
        tags=("us-china", "ai-safety", "ai-policy", "geopolitics"),
    )
    tagged = Document(title=entry.title, tags=frozenset(entry.tags))
    assert list(matcher.match(tagged)) == ["ai-policy", "ai-safety", "geopolitics", "us-china"]
    untagged = Document(title=entry.title)
    assert {"us-china", "ai-safety"} <= set(matcher.match(untagged))


@pytest.mark.parametrize(
    ("title", "topics"),
    [
        ("U.S., China agree to extend tariff truce", {"us-china", "trade-and-tariffs"}),
        ("Trump–Xi call eases fears over chip exports", {"us-china", "semiconductors"}),
        ("EU delays parts of AI Act", {"ai-policy"}),
        ("Frontier AI models can deceive their testers, institute warns", {"ai-safety"}),
        ("Ceasefire talks open in Cairo", {"geopolitics"}),
        ("Ransomware gang hits hospital group", {"cybersecurity"}),
        ("Court orders recount after election", {"elections"}),
        ("Global warming doubles odds of heatwaves", {"climate"}),
        ("Inspectors find enriched uranium at undeclared site", {"nuclear"}),
    ],
)
def test_headlines_of_the_day_find_their_topics(
    matcher: Matcher, title: str, topics: set[str]
) -> None:
    assert set(matcher.match(Document(title=title))) == topics


@pytest.mark.parametrize(
    "title",
    [
        "Bakery wins prize for best sourdough",
        "Minister tells us china shop owners face higher rents",
        "Coach said to be leaving after trade deadline",
        "Actor named goodwill ambassador",
        "The political climate before the budget",
        "Ten summits every hiker should see",
        "She waited in the rain, maid of honour says",
    ],
)
def test_lookalikes_alert_nobody(matcher: Matcher, title: str) -> None:
    assert not matcher.match(Document(title=title))
