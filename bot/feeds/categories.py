"""Category: a publisher's label on an entry, read as tags."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from bot.domain.tag import slug
from bot.feeds.markup import plain_line

_LONGEST = 64
"""Characters of a slug; what is longer is a sentence that lost its way."""

_MOST = 40
"""Tags of an entry; some feeds repeat their whole index on each."""

_READ = 400
"""Categories of an entry that are looked at; most of what tells nothing is passed over."""

_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]*:\S*[/:]|^www\.", re.IGNORECASE)
_OPAQUE = re.compile(r"^(?:[A-Z]{0,3}[:_-]?\d{5,}|(?=\S*\d)[0-9A-F-]{12,})$", re.IGNORECASE)
_ALWAYS_A_LIST = re.compile(r"\s*[;|\n>]+\s*|\s+/\s+")
_PATH = re.compile(r"[^\W\d_][^/,]{2,}(?:/[^\W\d_][^/,]{2,})+")


@dataclass(frozen=True, slots=True)
class Category:
    """One category element.

    Attributes:
        term: Atom's `term`, or the text of the element.
        label: Atom's `label`, for people.
    """

    term: str
    label: str = ""


def tags(categories: Iterable[Category]) -> tuple[str, ...]:
    """The slugs of the categories, in order, without repeats, at most 40.

    The term counts, the label only where the term is an address or a number that tells people
    nothing. An element that holds a list is taken apart: at semicolons, bars and `>`, at slashes
    between words (`World/Asia`, not `9/11` or `AC/DC`), and at commas if there are several or it
    is the only category (`Trump, Donald J` among others is one name).
    """
    names = [name for name in map(_name, islice(categories, _READ)) if name]
    alone = len(names) == 1
    slugs = (slug(part) for name in names for part in _parts(name, alone=alone))
    kept = dict.fromkeys(tag for tag in slugs if tag and len(tag) <= _LONGEST)
    return tuple(kept)[:_MOST]


def _name(category: Category) -> str:
    for written in (category.term, category.label):
        text = plain_line(written)
        if text and not _ADDRESS.match(text) and not _OPAQUE.match(text):
            return text
    return ""


def _parts(name: str, *, alone: bool) -> Iterator[str]:
    for part in _ALWAYS_A_LIST.split(name):
        if part.count(",") > 1 or (alone and "," in part):
            yield from part.split(",")
        elif _PATH.fullmatch(part):
            yield from part.split("/")
        else:
            yield part
