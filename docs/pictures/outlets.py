"""Outlets: made-up feeds, what they published of late, and the site of one more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.entry import Entry, ParsedFeed
from bot.domain.feed import Feed, FeedState
from bot.domain.tag import slug
from bot.errors import FetchError, FetchFault
from bot.feeds.parse import parse_document
from bot.ports import FetchRequest, FetchResult

WIRE = Feed(url="https://harbour-wire.example/wire.xml", name="Harbour Wire")
POST = Feed(url="https://meridian-post.example/world.xml", name="Meridian Post")
TIMES = Feed(url="https://delta-times.example/rss", name="Delta Times")
LATE = Feed(url="https://tidewater.example/feed", name="Tidewater Observer")
RESTING = Feed(url="https://almanac.example/feed", name="The Almanac", paused=True)
FEEDS = (WIRE, POST, TIMES, LATE, RESTING)

SITE = "https://lantern.example"
_PATHS = {"/news.xml": "The Lantern: News", "/sport.xml": "The Lantern: Sport"}
_LINKS = "".join(
    f'<link rel="alternate" type="application/rss+xml" href="{path}">' for path in _PATHS
)
_SHARED_PAGE = "https://meridian-post.example/2026/batteries"


@dataclass(frozen=True, slots=True)
class Published:
    """One publication.

    Attributes:
        age: Minutes.
        feed: Where.
        title: Its headline.
        tag: The publisher's.
        summary: Likewise.
        page: Its address, where two feeds give the same.
    """

    age: int
    feed: Feed
    title: str
    tag: str = "US-China"
    summary: str = ""
    page: str | None = None

    def entry(self, now: datetime) -> Entry:
        """As it was parsed."""
        page = self.page or f"{self.feed.url.rpartition('/')[0]}/2026/{self.age}"
        return Entry(
            title=self.title,
            guid=page,
            url=page,
            summary=self.summary,
            tags=(slug(self.tag),),
            published=now - timedelta(minutes=self.age),
        )


_DAY = 24 * 60
PUBLISHED: Sequence[Published] = (
    Published(
        14,
        POST,
        "Washington Delays Tariffs on Chinese Batteries by 90 Days",
        summary="The White House put off a 25 percent tariff on Chinese batteries until June. "
        "Importers had asked for time to move their orders. Beijing called the delay a first step.",
        page=_SHARED_PAGE,
    ),
    Published(
        31, TIMES, "Washington Delays Tariffs on Chinese Batteries by 90 Days", page=_SHARED_PAGE
    ),
    Published(52, WIRE, "China Lowers Tariffs on Farm Machinery"),
    Published(171, TIMES, "Ports Brace for a Rush Before US Tariffs on China Rise"),
    Published(390, POST, "Chipmakers Ask Beijing and Washington for One Rule on Exports"),
    Published(
        405, TIMES, "AI Safety Institutes Agree on a Common Test for Chemistry Questions", "science"
    ),
    Published(
        460,
        WIRE,
        "Model Maker Publishes Its AI Safety Incident Log for the First Time",
        "AI safety",
    ),
    Published(512, WIRE, "Beijing Answers US Tariffs With a List of Its Own"),
    Published(640, POST, "US Tariffs on Chinese Steel Reach a Warehouse in Ohio"),
    Published(700, TIMES, "Tariffs on China: What a Toy Maker in Shenzhen Pays Now"),
    Published(_DAY + 90, WIRE, "Table Talks Resume: US and China Count Tariffs Again"),
    Published(_DAY + 300, POST, "Ferry Crews Vote on a Pay Offer", "transport"),
    Published(2 * _DAY, WIRE, "Port Workers Strike in Three Harbours", "transport"),
    Published(3 * _DAY, TIMES, "Sanctions on Chinese Shipping Firms Widen"),
    Published(4 * _DAY, POST, "US Chip Export Controls Catch a Chinese Lens Maker"),
    Published(5 * _DAY, WIRE, "Chinese Buyers Return to US Soybeans"),
    Published(9 * _DAY, TIMES, "Washington and Beijing Agree to Talk About Talks"),
)


def state(known: FeedState, now: datetime) -> FeedState:
    """How polling left a feed."""
    polled = now - timedelta(seconds=40)
    well = replace(
        known,
        due_at=now + timedelta(minutes=2),
        polled_at=polled,
        succeeded_at=polled,
        baseline_at=now - timedelta(days=30),
        arrived_at=now - timedelta(minutes=14),
    )
    if known.url == TIMES.url:
        return replace(
            well,
            succeeded_at=now - timedelta(hours=7),
            arrived_at=now - timedelta(hours=7),
            failures=9,
            failing_since=now - timedelta(hours=6, minutes=40),
            failure="the server answers 503 Service Unavailable",
        )
    return known if known.url == LATE.url else well


class Lantern:
    """A site with two feeds, asked as the network is."""

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """A page that names the feeds, or one of them."""
        path = request.url.removeprefix(SITE)
        if path in _PATHS:
            return FetchResult(url=request.url, body=_document(_PATHS[path]).encode())
        if path not in ("", "/"):
            raise FetchError(
                request.url, "the server answers 404 Not Found", fault=FetchFault.NOT_FOUND
            )
        page = f"<html><head>{_LINKS}</head><body>The Lantern</body></html>"
        return FetchResult(url=request.url, body=page.encode(), content_type="text/html")


class Reader:
    """The real parser, in this process."""

    async def parse(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str = "",
        known: frozenset[bytes] = frozenset(),
    ) -> ParsedFeed:
        """Read a document."""
        return parse_document(body, url=url, content_type=content_type, known=known)


def _document(title: str) -> str:
    told: Mapping[str, str] = {
        "Lighthouse Keepers Elect Their First Chair": "Thu, 12 Mar 2026 12:20:00 GMT",
        "Harbour Lights to Burn an Hour Longer": "Thu, 12 Mar 2026 09:05:00 GMT",
    }
    items = "".join(
        f"<item><title>{headline}</title><link>{SITE}/{number}</link><pubDate>{date}</pubDate></item>"
        for number, (headline, date) in enumerate(told.items())
    )
    return f'<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'
