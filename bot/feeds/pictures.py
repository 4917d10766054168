"""Picture: the image that goes with an entry of an XML feed."""

import re
from collections.abc import Iterable, Iterator

from bot.feeds.links import absolute
from bot.feeds.markup import pictures
from bot.feeds.rawnode import RawNode, node, nodes, text

_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|[?#])", re.IGNORECASE)


def picture(
    raw: RawNode, *, markups: Iterable[RawNode], bases: tuple[str | None, ...]
) -> str | None:
    """The first usable of what the entry offers, the most deliberate first.

    `media:content`, then `media:thumbnail` (the widest of each), an image as enclosure,
    `itunes:image`, the first picture in the text that is no counter and no icon.

    Args:
        raw: The entry, from feedparser.
        markups: Its texts, each with `value` and `base`.
        bases: Addresses to resolve against.
    """
    links = (absolute(link, *bases) for link in _offered(raw))
    seen = (
        absolute(source, text(markup, "base"), *bases)
        for markup in markups
        for source in pictures(text(markup, "value"))
    )
    return next((link for group in (links, seen) for link in group if link), None)


def _offered(raw: RawNode) -> Iterator[str]:
    for key, certain in (("media_content", False), ("media_thumbnail", True)):
        offers = [offer for offer in nodes(raw, key) if certain or _is_picture(offer, "url")]
        for offer in sorted(offers, key=_width, reverse=True):
            yield text(offer, "url")
    for link in nodes(raw, "links"):
        if text(link, "rel") == "enclosure" and _is_picture(link, "href"):
            yield text(link, "href")
    yield text(node(raw, "image"), "href")


def _width(offer: RawNode) -> int:
    written = text(offer, "width")
    return int(written) if written.isdecimal() and len(written) < 6 else 0  # noqa: PLR2004 - pixels


def _is_picture(offer: RawNode, key: str) -> bool:
    kind = text(offer, "medium") or text(offer, "type")
    if kind:
        return kind.lower().startswith("image")
    return _PICTURE_FILE.search(text(offer, key)) is not None
